"""Breast Cancer Wisconsin (Diagnostic), as bundled with scikit-learn: 569 measured tumours.

Seven tenths are the training set; the rest, kept apart by a stratified draw, is the fresh batch, and the
drifted batch is those same rows as a microscope with a fifth more magnification would have measured them.
"""

from pathlib import Path

import numpy as np
from sklearn.datasets import load_breast_cancer

from data_samples.files import write_csv

MAGNIFICATION = 1.2
LENGTHS = ("radius", "perimeter")
SEED = 31


def write(folder: Path) -> None:
    """Write tumours.csv, tumours_fresh.csv and tumours_drifted.csv."""
    bunch = load_breast_cancer()
    names = [str(name).replace(" ", "_") for name in bunch.feature_names]
    answers = ["malignant" if label == 0 else "benign" for label in bunch.target]
    held_out = _held_out(bunch.target)
    columns = [*names, "diagnosis"]
    for suffix, chosen, values in (
        ("", ~held_out, bunch.data),
        ("_fresh", held_out, bunch.data),
        ("_drifted", held_out, _magnified(bunch.data, names)),
    ):
        rows = ([*(float(f"{value:.6g}") for value in values[i]), answers[i]] for i in np.flatnonzero(chosen))
        write_csv(folder / f"tumours{suffix}.csv", columns, rows)


def _held_out(target: np.ndarray) -> np.ndarray:
    """Return a mask, shape (n,), of three tenths of each class."""
    random = np.random.default_rng(SEED)
    mask = np.zeros(len(target), dtype=bool)
    for label in np.unique(target):
        members = random.permutation(np.flatnonzero(target == label))
        mask[members[: round(0.3 * len(members))]] = True
    return mask


def _magnified(values: np.ndarray, names: list[str]) -> np.ndarray:
    """Return `values`, shape (n, d), with lengths times the magnification and areas times its square."""
    scaled = values.copy()
    for position, name in enumerate(names):
        if any(length in name for length in LENGTHS):
            scaled[:, position] *= MAGNIFICATION
        elif "area" in name:
            scaled[:, position] *= MAGNIFICATION**2
    return scaled
