"""Courses: how the mechanisms would let killings rise or fall after an origin, by month and state."""
