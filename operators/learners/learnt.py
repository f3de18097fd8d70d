"""A fitted learner: an encoder and the estimator behind it."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from operators.contract.learner import Matrix
from operators.learners.encoding import Encoder

BLOCK = 65_536


@dataclass(frozen=True, eq=False)
class Learnt:
    """Takes the frame of `operators.contract.values.model.features_frame` and answers it block by block.

    Every row goes through the same arithmetic, in one thread, whatever stands beside it. A second thread costs a
    service more than it gives: with two busy cores, OpenMP's waiting threads made one row take 20 ms instead of 2.
    """

    encoder: Encoder
    estimator: Any

    def predict(self, frame: pl.DataFrame) -> Matrix:
        """Return a float64 value for each row, shape (n,)."""
        return self._answered(self.estimator.predict, frame)

    def predict_proba(self, frame: pl.DataFrame) -> Matrix:
        """Return the probability of each class, shape (n, k), in [0, 1]; rows sum to 1."""
        return self._answered(self.estimator.predict_proba, frame)

    def _answered(self, answer: Callable[[Matrix], Any], frame: pl.DataFrame) -> Matrix:
        starts = range(0, max(frame.height, 1), BLOCK)
        with thread_pools().limit(limits=1, user_api="openmp"):
            blocks = [np.asarray(answer(self.encoder.encode(frame.slice(start, BLOCK)))) for start in starts]
        return blocks[0] if len(blocks) == 1 else np.concatenate(blocks)


@functools.cache
def thread_pools() -> Any:
    """Return the thread pools of the numeric libraries loaded by now; looked up once per process (about 2 ms)."""
    import lightgbm  # noqa: F401 - its pool must be there to be found
    import sklearn.ensemble  # noqa: F401
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
