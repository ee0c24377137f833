"""Courses: how the mechanisms would let killings rise or fall after an origin."""
