"""What is kept is believed only where its key, its code and every bit of it agree."""

import json
import pickle

import numpy as np
import pytest

from hidra.core.cache import Cache


class Evil:
    """A pickle that does something when it is loaded."""

    def __init__(self, mark):
        self.mark = mark

    def __reduce__(self):
        return (open, (str(self.mark), "w"))


@pytest.fixture
def kept(tmp_path):
    return Cache("things", code="one", folder=tmp_path)


class Maker:
    """Counts how often it was asked to make."""

    def __init__(self, value):
        self.value, self.times = value, 0

    def __call__(self):
        self.times += 1
        return self.value


@pytest.mark.parametrize(
    "value",
    [np.arange(6.0).reshape(2, 3), {"a": np.arange(3), "told": "año", "n": None}, [1, "b"], 2.5],
)
def test_what_was_made_comes_back_and_is_made_once(kept, tmp_path, value):
    make = Maker(value)
    first = kept.get_or_make({"n": 1}, make)
    again = Cache("things", code="one", folder=tmp_path).get_or_make({"n": 1}, make)
    assert make.times == 1 and kept.holds({"n": 1}) and not kept.holds({"n": 2})
    for found in (first, again):
        if isinstance(value, dict):
            assert set(found) == set(value) and (found["a"] == value["a"]).all()
            assert found["told"] == "año"
        else:
            assert np.array_equal(found, value) and type(found) is type(value)


def test_other_inputs_and_other_code_are_made_anew(kept, tmp_path):
    make = Maker(np.ones(2))
    kept.get_or_make({"counts": np.ones(3)}, make)
    kept.get_or_make({"counts": np.zeros(3)}, make)
    Cache("things", code="two", folder=tmp_path).get_or_make({"counts": np.ones(3)}, make)
    kept.get_or_make({"counts": np.ones(3)}, make, fresh=True)
    assert make.times == 4


@pytest.mark.parametrize("ending", ["json", "npz"])
def test_any_flipped_bit_is_made_again(kept, ending):
    make = Maker({"a": np.arange(4.0), "told": "x"})
    kept.get_or_make({}, make)
    (file,) = kept.folder.glob(f"*.{ending}")
    whole = file.read_bytes()
    for at in range(0, len(whole), 7):
        damaged = bytearray(whole)
        damaged[at] ^= 1 << at % 8
        file.write_bytes(damaged)
        before = make.times
        found = kept.get_or_make({}, make)
        assert (found["a"] == np.arange(4.0)).all() and found["told"] == "x"
        assert make.times == before + 1 or json.loads(whole) == json.loads(damaged)
        file.write_bytes(whole)


def test_an_entry_under_the_name_of_another_is_not_believed(kept):
    kept.get_or_make({"n": 1}, Maker("one"))
    (file,) = kept.folder.glob("*.json")
    kept.get_or_make({"n": 2}, Maker("two"))
    (other,) = set(kept.folder.glob("*.json")) - {file}
    other.write_bytes(file.read_bytes())
    assert kept.get_or_make({"n": 2}, Maker("two")) == "two"


def test_a_pickle_put_in_the_cache_is_never_loaded(kept, tmp_path):
    mark = tmp_path / "ran"
    make = Maker({"a": np.arange(3)})
    kept.get_or_make({}, make)
    for file in list(kept.folder.iterdir()):
        file.write_bytes(pickle.dumps(Evil(mark)))
    (kept.folder / "output.pkl").write_bytes(pickle.dumps(Evil(mark)))
    kept.get_or_make({}, make)
    assert make.times == 2 and not mark.exists()


def test_a_place_that_cannot_be_written_still_answers(tmp_path):
    (tmp_path / "file").write_text("")
    assert Cache("x", code="c", folder=tmp_path / "file").get_or_make({}, Maker(3)) == 3


def test_the_longest_unused_go_when_it_grows_too_large(tmp_path, monkeypatch):
    monkeypatch.setattr("hidra.core.cache.LOOK", 1)
    kept = Cache("things", code="one", folder=tmp_path, limit=40_000)
    for n in range(8):
        kept.get_or_make({"n": n}, Maker(np.full(1000, n)))
    assert sum(f.stat().st_size for f in kept.folder.iterdir()) <= 40_000
    assert kept.holds({"n": 7}) and not kept.holds({"n": 0})
