"""Published natural experiments, run again inside the model, and what they say of its sizes."""
