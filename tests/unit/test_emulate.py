"""The stand-in of the model: exact for quadratics, honest about the rest."""

import numpy as np
import pytest

from hidra.core.errors import FitError
from hidra.inference.calibrate import design, emulate

POINTS = design(3, 120, seed=1)


def test_a_log_quadratic_simulator_is_met_exactly():
    def simulator(z):
        return np.exp(1 + z[:, :1] - 0.3 * z[:, 1:2] * z[:, 2:] + 0.1 * z[:, :1] ** 2)

    found = emulate(simulator, POINTS)
    assert found.worst < 1e-10
    at = np.array([0.3, -1.2, 0.8])
    np.testing.assert_allclose(np.exp(found(at)), simulator(at[None, :])[0], rtol=1e-9)
    assert found.dimensions == 3


def test_the_error_is_measured_on_runs_kept_aside():
    found = emulate(lambda z: np.exp(np.sin(3 * z[:, :1])), POINTS)
    assert found.error > 0.3


def test_a_broken_simulator_is_refused():
    with pytest.raises(FitError, match="not finite"):
        emulate(lambda z: np.full((len(z), 2), np.nan), POINTS)


def test_the_design_is_standard_normal():
    points = design(4, 2000, seed=2)
    assert np.abs(points.mean(axis=0)).max() < 0.02
    assert np.abs(points.std(axis=0) - 1).max() < 0.05
