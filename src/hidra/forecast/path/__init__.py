"""Mean paths: from what is known to the expected count of each month ahead, (months, P)."""
