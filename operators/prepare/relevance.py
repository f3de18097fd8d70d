"""How much columns say of a target: one score for each, by four methods."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from operators.constant import is_constant
from operators.contract.learner import Encoding, Matrix, thread_share
from operators.learners.encoding import fit_encoder
from operators.learners.targets import Target

MOST_ROWS = 20_000
"""Rows that the slow methods look at, drawn at random; a relevance is an estimate anyway."""
SURE: Final = 1e6
"""Largest -log10 of a probability that is told: that of a column which determines the target."""
FOREST_TREES = 100
BINS = 20  # of text with more values than this, the rare ones count together


@dataclass(frozen=True)
class Judged:
    """Rows with their target known, as learners take them.

    Args:
        frame: Shape (n, d), n >= 1, Float64 and String columns only.
        target: The target of the same rows.
        seed: For everything random.
    """

    frame: pl.DataFrame
    target: Target
    seed: int

    @property
    def labels(self) -> bool:
        """True where the target is a label."""
        return bool(self.target.classes)

    def sampled(self) -> "Judged":
        """Return at most `MOST_ROWS` of the rows."""
        if self.frame.height <= MOST_ROWS:
            return self
        rows = np.sort(np.random.default_rng(self.seed).permutation(self.frame.height)[:MOST_ROWS])
        target = Target(self.target.values[rows], self.target.classes, self.target.type)
        return Judged(self.frame[rows], target, self.seed)


def mutual_information(judged: Judged) -> dict[str, float]:
    """Return the mutual information with the target in nats, at least 0, as scikit-learn estimates it."""
    from sklearn.feature_selection import mutual_info_classif, mutual_info_regression

    few = judged.sampled()
    measure = mutual_info_classif if few.labels else mutual_info_regression
    matrix = np.stack([_codes(values) for values in few.frame.iter_columns()], axis=1)
    discrete = np.array([values.dtype == pl.String for values in few.frame.iter_columns()])
    neighbours = min(3, few.frame.height - 1)
    if neighbours < 1:
        return dict.fromkeys(few.frame.columns, 0.0)
    found = measure(
        matrix, few.target.values, discrete_features=discrete, n_neighbors=neighbours, random_state=few.seed
    )
    varies = ~is_constant(
        matrix.std(axis=0), matrix.mean(axis=0), len(matrix)
    )  # scikit-learn adds noise, in which it may find something
    return {name: float(score) for name, score in zip(few.frame.columns, found * varies, strict=True)}


def association(judged: Judged) -> dict[str, float]:
    """Return -log10 of the probability that a column has nothing to do with the target, in [0, 1e6].

    A number against labels, and a text against numbers: analysis of variance; a number against numbers: the F test
    of the correlation; a text against labels: the chi-squared test of their table. Gaps are left out of numbers and
    are a value of texts. 1.3 stands for a probability of 0.05.
    """
    return {values.name: _association(values, judged) for values in judged.frame.iter_columns()}


def importance(judged: Judged) -> dict[str, float]:
    """Return what each column adds to a small forest (mean decrease of impurity); the scores add up to 1, or are 0."""
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

    few = judged.sampled()
    encoder, matrix = fit_encoder(few.frame, few.target.outcomes, Encoding(), few.seed)
    scores = dict.fromkeys(few.frame.columns, 0.0)
    if not encoder.columns:
        return scores
    kind = RandomForestClassifier if few.labels else RandomForestRegressor
    forest = kind(
        n_estimators=FOREST_TREES,
        min_samples_leaf=max(1, few.frame.height // 500),
        max_features="sqrt",
        random_state=few.seed,
        n_jobs=thread_share(),
    ).fit(matrix.astype(np.float32), few.target.values)
    start = 0
    for column in encoder.columns:
        scores[column.name] = float(forest.feature_importances_[start : start + column.width].sum())
        start += column.width
    return scores


METHODS: Final[Mapping[str, Any]] = {
    "mutual_information": mutual_information,
    "association": association,
    "importance": importance,
}


def _codes(values: pl.Series) -> Matrix:
    """Return numbers with their gaps at the median, or the numbers of categories with the rare ones together."""
    if values.dtype == pl.String:
        return _groups(values).astype(np.float64)
    numbers = values.to_numpy().astype(np.float64)
    there = np.isfinite(numbers)
    middle = float(np.median(numbers[there])) if there.any() else 0.0
    return np.where(there, np.clip(numbers, -1e30, 1e30), middle)


def _groups(values: pl.Series) -> Matrix:
    """Return the group of each text, shape (n,): its value where that is among the most frequent; null is one."""
    counts = values.rename("text").value_counts(name="rows").sort("rows", "text", descending=[True, False])
    kept = counts["text"].head(BINS)
    codes = pl.Series(range(len(kept)), dtype=pl.Int64)
    return values.replace_strict(kept, codes, default=BINS, return_dtype=pl.Int64).to_numpy()


def _association(values: pl.Series, judged: Judged) -> float:
    truth = judged.target.values
    if values.dtype == pl.String:
        groups = _groups(values)
        return _table_test(groups, truth) if judged.labels else _variance_test(truth, groups)
    numbers = values.to_numpy().astype(np.float64)
    there = np.isfinite(numbers)
    numbers, truth = np.clip(numbers[there], -1e30, 1e30), truth[there]
    return _variance_test(numbers, truth) if judged.labels else _correlation_test(numbers, truth)


def _variance_test(numbers: Matrix, groups: Matrix) -> float:
    """Return the surety of an analysis of variance of `numbers` by `groups`."""
    _, groups = np.unique(groups, return_inverse=True)
    sizes = np.bincount(groups)
    between, within = len(sizes) - 1, len(numbers) - len(sizes)
    if between < 1 or within < 1 or _is_constant(numbers):
        return 0.0
    scale = float(np.abs(numbers).max()) or 1.0
    numbers = numbers / scale
    means = np.bincount(groups, weights=numbers) / sizes
    explained = float((sizes * (means - numbers.mean()) ** 2).sum())
    rest = float(((numbers - means[groups]) ** 2).sum())
    return _surety_of_f(explained / between, rest / within, between, within)


def _is_constant(numbers: Matrix) -> bool:
    return bool(is_constant(numbers.std(), numbers.mean(), len(numbers)))


def _correlation_test(numbers: Matrix, truth: Matrix) -> float:
    """Return the surety of the F test of a correlation."""
    within = len(numbers) - 2
    if within < 1 or _is_constant(numbers) or _is_constant(truth):
        return 0.0
    square = float(np.corrcoef(numbers, truth)[0, 1]) ** 2
    return _surety_of_f(square, (1 - square) / within, 1, within) if np.isfinite(square) else 0.0


def _table_test(groups: Matrix, labels: Matrix) -> float:
    """Return the surety of the chi-squared test of two groupings."""
    _, groups = np.unique(groups, return_inverse=True)
    _, labels = np.unique(labels, return_inverse=True)
    counts = np.zeros((groups.max() + 1, labels.max() + 1))
    np.add.at(counts, (groups, labels), 1)
    freedom = (counts.shape[0] - 1) * (counts.shape[1] - 1)
    if not freedom:
        return 0.0
    expected = counts.sum(1, keepdims=True) * counts.sum(0) / counts.sum()
    return _surety_of_chi2(float(((counts - expected) ** 2 / expected).sum()), freedom)


def _surety_of_f(explained: float, rest: float, between: int, within: int) -> float:
    from scipy.special import betaln
    from scipy.stats import f

    if explained <= 0:
        return 0.0
    if rest <= explained * 1e-15:
        return SURE
    ratio = explained / rest
    log = float(f.logsf(ratio, between, within))
    if not np.isfinite(log):  # scipy's tail ends where floats do; the first term of its series goes on
        share, a, b = within / (within + between * ratio), within / 2, between / 2
        log = float(a * np.log(share) + b * np.log1p(-share) - np.log(a) - betaln(a, b))
    return _surety(log)


def _surety_of_chi2(statistic: float, freedom: int) -> float:
    from scipy.special import gammaln
    from scipy.stats import chi2

    log = float(chi2.logsf(statistic, freedom))
    if not np.isfinite(log):
        half = freedom / 2
        log = float((half - 1) * np.log(statistic / 2) - statistic / 2 - gammaln(half))
    return _surety(log)


def _surety(log: float) -> float:
    """Return -log10 of a probability from its natural logarithm."""
    return float(min(max(-log / np.log(10), 0.0), SURE))
