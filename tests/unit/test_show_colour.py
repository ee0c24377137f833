"""The palettes stay readable for readers who see colours differently.

Colour vision deficiency is simulated with the matrices of Machado, Oliveira and Fernandes (2009, IEEE TVCG
15(6), severity 1.0), applied to linear RGB; differences are CIE 1976 distances in CIELAB (D65).
"""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest

from hidra.charts import cell, theme, tiles

MACHADO = {
    "full vision": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
SRGB_TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
WHITE = np.array([0.95047, 1.0, 1.08883])


def linear(colour: str) -> np.ndarray:
    rgb = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(colour: str, vision: str) -> np.ndarray:
    xyz = SRGB_TO_XYZ @ np.clip(MACHADO[vision] @ linear(colour), 0, 1) / WHITE
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def difference(one: str, other: str, vision: str) -> float:
    """Distance in CIELAB (CIE 1976), as seen with ``vision``."""
    return float(np.linalg.norm(lab(one, vision) - lab(other, vision)))


def contrast(one: str, other: str) -> float:
    light = sorted(
        (float(SRGB_TO_XYZ[1] @ linear(colour)) for colour in (one, other)), reverse=True
    )
    return (light[0] + 0.05) / (light[1] + 0.05)


def test_black_and_white_are_a_hundred_apart_for_everyone() -> None:
    for vision in MACHADO:
        assert difference("#000000", "#ffffff", vision) == pytest.approx(100, abs=0.1)


def test_red_and_green_of_one_lightness_merge_for_deuteranopes() -> None:
    # The simulation does something: a pair that full vision tells apart at once nearly disappears.
    assert difference("#c04040", "#7a7a30", "deuteranopia") < 0.5 * difference(
        "#c04040", "#7a7a30", "full vision"
    )


@pytest.mark.parametrize("vision", MACHADO)
@pytest.mark.parametrize(
    ("palette", "least"),
    [(theme.SEQUENTIAL, 8.5), (theme.DIVERGING, 9.4)],
    ids=["sequential", "diverging"],
)
def test_neighbouring_steps_can_be_told_apart(
    palette: tuple[str, ...], least: float, vision: str
) -> None:
    steps = [difference(one, other, vision) for one, other in pairwise(palette)]
    assert round(min(steps), 1) >= least, steps  # the thresholds are stated to one decimal


@pytest.mark.parametrize("vision", MACHADO)
def test_any_two_series_can_be_told_apart(vision: str) -> None:
    pairs = {pair: difference(*pair, vision) for pair in combinations(theme.SERIES, 2)}
    assert min(pairs.values()) >= 17, pairs


def test_text_and_lines_have_enough_contrast_on_paper() -> None:
    assert contrast(theme.INK, theme.PAPER) >= 7
    assert contrast(theme.SECONDARY, theme.PAPER) >= 4.5
    assert contrast(theme.LINK, theme.PAPER) >= 4.5
    assert all(contrast(colour, theme.PAPER) >= 4 for colour in theme.SERIES)


def test_figures_on_hexagons_have_enough_contrast_with_their_fill() -> None:
    light, dark = cell.CLASSES[:3], cell.CLASSES[3:]  # tiles.hexagons turns the ink at the third
    assert all(contrast(tiles.FIGURE, fill) >= 4.5 for fill in (cell.ZERO, *light))
    assert all(contrast(theme.PAPER, fill) >= 4.5 for fill in dark)


def test_the_sequential_palette_darkens_and_no_colour_is_red() -> None:
    lightness = [lab(colour, "full vision")[0] for colour in theme.SEQUENTIAL]
    assert lightness == sorted(lightness, reverse=True)
    for colour in (*theme.SEQUENTIAL, *theme.DIVERGING, *theme.SERIES):
        red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
        assert not (red > 150 and green < 70 and blue < 70), colour


def test_series_differ_by_shape_and_line_too() -> None:
    assert len(set(theme.SHAPES)) == len(theme.SERIES)
    assert len({tuple(dash) for dash in theme.DASHES}) == len(theme.SERIES)
