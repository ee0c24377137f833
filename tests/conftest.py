"""Properties are tried on the same examples every day, and a busy machine is no error.

Look for new examples with ``pytest --hypothesis-profile explore``.
"""

from hypothesis import HealthCheck, settings

SLOW = (HealthCheck.too_slow,)

settings.register_profile("explore", deadline=None, suppress_health_check=SLOW)
settings.register_profile(
    "repeatable", deadline=None, suppress_health_check=SLOW, derandomize=True, database=None
)
settings.load_profile("repeatable")
