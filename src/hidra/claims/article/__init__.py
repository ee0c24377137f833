"""Reading an article: what it says that data can check, and what the data say."""
