"""Groups of rows that lie close together: rows to a matrix, the matrix to centres or a mixture.

Only algorithms that can say of a new row which cluster it is in: a density-based one (DBSCAN, HDBSCAN) knows the rows
it was given and no others.
"""

import warnings
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import polars as pl

from operators.contract.errors import EmptyTableError, LearnerError
from operators.contract.learner import Encoding, Matrix, thread_share
from operators.contract.tables import Schema
from operators.contract.values.model import Model, features_frame
from operators.learners.encoding import Encoder, fit_encoder
from operators.learners.fitting import usable_features
from operators.learners.learnt import BLOCK, thread_pools

ClusterAlgorithm = Literal["k_means", "mini_batch_k_means", "gaussian_mixture"]

MOST_CATEGORIES = 20
"""Text with more values than this says who a row is, not what it is like: it is left out."""


@dataclass(frozen=True, eq=False)
class Centres:
    """Clusters as points.

    Args:
        points: Shape (k, d).
    """

    points: Matrix

    def distances(self, matrix: Matrix) -> Matrix:
        """Return the Euclidean distance of each row to each centre, shape (n, k)."""
        from scipy.spatial.distance import cdist

        return np.asarray(cdist(matrix, self.points))

    def cost(self, matrix: Matrix) -> Matrix:
        """Return what is smallest for the cluster that a row is in, shape (n, k)."""
        return self.distances(matrix)


@dataclass(frozen=True, eq=False)
class Mixture:
    """Clusters as normal distributions, each with a shape of its own.

    Args:
        means: Shape (k, d).
        precisions: Shape (k, d, d): for each cluster a matrix that makes its rows round, with variance 1.
        weights: Shape (k,): the share of the rows in each.
    """

    means: Matrix
    precisions: Matrix
    weights: Matrix

    def distances(self, matrix: Matrix) -> Matrix:
        """Return the Mahalanobis distance of each row to each mean, shape (n, k)."""
        pairs = zip(self.means, self.precisions, strict=True)
        squares = [(((matrix - mean) @ shape) ** 2).sum(axis=1) for mean, shape in pairs]
        return np.asarray(np.sqrt(np.stack(squares, axis=1)))

    def cost(self, matrix: Matrix) -> Matrix:
        """Return minus twice the log of how likely each cluster is, up to a constant, shape (n, k)."""
        sizes = 2 * np.log(np.stack([np.diag(shape) for shape in self.precisions])).sum(axis=1)
        return np.asarray(self.distances(matrix) ** 2 - sizes - 2 * np.log(self.weights))


@dataclass(frozen=True, eq=False)
class Clusters:
    """Takes the frame of `operators.contract.values.model.features_frame` and answers it, every row by itself."""

    encoder: Encoder
    shape: Centres | Mixture

    @property
    def count(self) -> int:
        """Number of clusters."""
        return len(self.shape.points if isinstance(self.shape, Centres) else self.shape.means)

    def predict(self, frame: pl.DataFrame) -> Matrix:
        """Return the number of each row's cluster, shape (n,), from 0."""
        return self._answered(frame)[0]

    def distance(self, frame: pl.DataFrame) -> Matrix:
        """Return how far each row is from the middle of its cluster, shape (n,), at least 0, in standard deviations."""
        return self._answered(frame)[1]

    def encode(self, frame: pl.DataFrame) -> Matrix:
        """Return the rows as points, shape (n, d)."""
        return self.encoder.encode(frame)

    def _answered(self, frame: pl.DataFrame) -> tuple[Matrix, Matrix]:
        numbers, distances = [np.empty(0, dtype=np.int64)], [np.empty(0)]
        for start in range(0, frame.height, BLOCK):
            matrix = self.encode(frame.slice(start, BLOCK))
            nearest = self.shape.cost(matrix).argmin(axis=1)
            numbers.append(nearest)
            distances.append(np.take_along_axis(self.shape.distances(matrix), nearest[:, None], axis=1)[:, 0])
        return np.concatenate(numbers), np.concatenate(distances)


def fit_clusters(
    rows: pl.DataFrame, algorithm: ClusterAlgorithm, count: int, *, features: tuple[str, ...] | None, seed: int
) -> Model:
    """Find `count` clusters and return a model that knows which one a row is in; cluster 0 has the most rows.

    Numbers are scaled to variance 1 with gaps at the median, texts become a column of 0 and 1 for each value.

    Args:
        rows: Training rows.
        algorithm: How to find them.
        count: At least 2.
        features: Columns to look at; all that can be compared when None.
        seed: For the starts.

    Raises:
        EmptyTableError: There are fewer rows than clusters.
        MissingColumnError: One of `features` is not there.
        LearnerError: No column is left, or there are fewer different rows than clusters.
    """
    if rows.height < count:
        raise EmptyTableError(
            f"{rows.height} rows cannot make {count} clusters.",
            hint="Bring more rows, or ask for fewer clusters.",
            field="clusters",
        )
    usable = _comparable(rows, usable_features(rows, "", features))
    encoding = Encoding(categories="one_hot", scaled=True, max_categories=MOST_CATEGORIES)
    encoder, matrix = fit_encoder(features_frame(rows, usable), np.zeros((rows.height, 1)), encoding, seed)
    if not encoder.columns:
        raise LearnerError(
            "No column is left to compare rows by.",
            hint=f"Bring numbers, or text with at most {MOST_CATEGORIES} values.",
            field="features",
        )
    clusters = Clusters(encoder, _shape(matrix, algorithm, count, seed))
    used = {column.name for column in encoder.columns}
    schema = tuple(column for column in usable if column.name in used)
    return Model("clustering", "", schema, algorithm, clusters)


def _comparable(rows: pl.DataFrame, usable: Schema) -> Schema:
    """Return the columns without text of too many values."""
    return tuple(
        column
        for column in usable
        if column.type != "string" or rows.get_column(column.name).drop_nulls().n_unique() <= MOST_CATEGORIES
    )


def _shape(matrix: Matrix, algorithm: ClusterAlgorithm, count: int, seed: int) -> Centres | Mixture:
    with warnings.catch_warnings(), thread_pools().limit(limits=thread_share()):
        warnings.simplefilter("ignore")
        fitted = _estimator(algorithm, count, seed).fit(matrix)
    sizes = np.bincount(fitted.predict(matrix), minlength=count)
    if algorithm != "gaussian_mixture" and (sizes == 0).any():
        raise LearnerError(
            f"The rows make {int((sizes > 0).sum())} clusters, not {count}: too few of them differ.",
            hint="Ask for fewer clusters.",
            field="clusters",
        )
    order = np.argsort(-sizes, kind="stable")
    if algorithm != "gaussian_mixture":
        return Centres(fitted.cluster_centers_[order])
    return Mixture(fitted.means_[order], fitted.precisions_cholesky_[order], fitted.weights_[order])


def _estimator(algorithm: ClusterAlgorithm, count: int, seed: int) -> Any:
    from sklearn.cluster import KMeans, MiniBatchKMeans
    from sklearn.mixture import GaussianMixture

    if algorithm == "k_means":
        return KMeans(count, n_init=10, random_state=seed)
    if algorithm == "mini_batch_k_means":
        return MiniBatchKMeans(count, n_init=10, random_state=seed)
    return GaussianMixture(count, n_init=3, reg_covar=1e-4, random_state=seed)
