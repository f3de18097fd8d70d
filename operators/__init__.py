"""What can be done to data: the contract of operators and the built-in library.

What is exported is written by `.ci/catalogue.py`.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from operators.evaluate.calibration_plot import CalibrationPlot
    from operators.evaluate.confusion_matrix import ConfusionMatrix
    from operators.evaluate.cross_validate import CrossValidate
    from operators.evaluate.predict import Predict
    from operators.evaluate.roc_curve import RocCurve
    from operators.evaluate.score_classifier import ScoreClassifier
    from operators.evaluate.score_clusters import ScoreClusters
    from operators.evaluate.score_regressor import ScoreRegressor
    from operators.learners.baseline import Baseline
    from operators.learners.hist_gradient_boosting import HistGradientBoosting
    from operators.learners.lightgbm import LightGBM
    from operators.learners.linear import Linear
    from operators.learners.random_forest import RandomForest
    from operators.prepare.apply_state import ApplyState
    from operators.prepare.bin_numeric import BinNumeric
    from operators.prepare.clip_outliers import ClipOutliers
    from operators.prepare.encode_categories import EncodeCategories
    from operators.prepare.fill_missing import FillMissing
    from operators.prepare.one_hot import OneHot
    from operators.prepare.pca import Pca
    from operators.prepare.scale_numeric import ScaleNumeric
    from operators.prepare.select_features import SelectFeatures
    from operators.prepare.target_encode import TargetEncode
    from operators.sample.sample_rows import SampleRows
    from operators.sample.split_rows import SplitRows
    from operators.script.python_script import PythonScript
    from operators.sinks.write_table import WriteTable
    from operators.sources.load_model import LoadModel
    from operators.sources.read_csv import ReadCsv
    from operators.sources.read_dataset import ReadDataset
    from operators.sources.read_parquet import ReadParquet
    from operators.train.hyperparameter_search import HyperparameterSearch
    from operators.train.train_classifier import TrainClassifier
    from operators.train.train_clusters import TrainClusters
    from operators.train.train_regressor import TrainRegressor
    from operators.transform.cast_types import CastTypes
    from operators.transform.drop_duplicates import DropDuplicates
    from operators.transform.drop_missing import DropMissing
    from operators.transform.filter_rows import FilterRows
    from operators.transform.formula_column import FormulaColumn
    from operators.transform.group_aggregate import Aggregation, GroupAggregate
    from operators.transform.join_tables import JoinTables
    from operators.transform.rename_columns import RenameColumns
    from operators.transform.select_columns import SelectColumns
    from operators.transform.sort_rows import SortRows
    from operators.transform.sql_transform import SqlTransform
    from operators.transform.union_rows import UnionRows

__all__ = [
    "Aggregation",
    "ApplyState",
    "Baseline",
    "BinNumeric",
    "CalibrationPlot",
    "CastTypes",
    "ClipOutliers",
    "ConfusionMatrix",
    "CrossValidate",
    "DropDuplicates",
    "DropMissing",
    "EncodeCategories",
    "FillMissing",
    "FilterRows",
    "FormulaColumn",
    "GroupAggregate",
    "HistGradientBoosting",
    "HyperparameterSearch",
    "JoinTables",
    "LightGBM",
    "Linear",
    "LoadModel",
    "OneHot",
    "Pca",
    "Predict",
    "PythonScript",
    "RandomForest",
    "ReadCsv",
    "ReadDataset",
    "ReadParquet",
    "RenameColumns",
    "RocCurve",
    "SampleRows",
    "ScaleNumeric",
    "ScoreClassifier",
    "ScoreClusters",
    "ScoreRegressor",
    "SelectColumns",
    "SelectFeatures",
    "SortRows",
    "SplitRows",
    "SqlTransform",
    "TargetEncode",
    "TrainClassifier",
    "TrainClusters",
    "TrainRegressor",
    "UnionRows",
    "WriteTable",
]

_HOMES = {
    "Aggregation": "operators.transform.group_aggregate",
    "ApplyState": "operators.prepare.apply_state",
    "Baseline": "operators.learners.baseline",
    "BinNumeric": "operators.prepare.bin_numeric",
    "CalibrationPlot": "operators.evaluate.calibration_plot",
    "CastTypes": "operators.transform.cast_types",
    "ClipOutliers": "operators.prepare.clip_outliers",
    "ConfusionMatrix": "operators.evaluate.confusion_matrix",
    "CrossValidate": "operators.evaluate.cross_validate",
    "DropDuplicates": "operators.transform.drop_duplicates",
    "DropMissing": "operators.transform.drop_missing",
    "EncodeCategories": "operators.prepare.encode_categories",
    "FillMissing": "operators.prepare.fill_missing",
    "FilterRows": "operators.transform.filter_rows",
    "FormulaColumn": "operators.transform.formula_column",
    "GroupAggregate": "operators.transform.group_aggregate",
    "HistGradientBoosting": "operators.learners.hist_gradient_boosting",
    "HyperparameterSearch": "operators.train.hyperparameter_search",
    "JoinTables": "operators.transform.join_tables",
    "LightGBM": "operators.learners.lightgbm",
    "Linear": "operators.learners.linear",
    "LoadModel": "operators.sources.load_model",
    "OneHot": "operators.prepare.one_hot",
    "Pca": "operators.prepare.pca",
    "Predict": "operators.evaluate.predict",
    "PythonScript": "operators.script.python_script",
    "RandomForest": "operators.learners.random_forest",
    "ReadCsv": "operators.sources.read_csv",
    "ReadDataset": "operators.sources.read_dataset",
    "ReadParquet": "operators.sources.read_parquet",
    "RenameColumns": "operators.transform.rename_columns",
    "RocCurve": "operators.evaluate.roc_curve",
    "SampleRows": "operators.sample.sample_rows",
    "ScaleNumeric": "operators.prepare.scale_numeric",
    "ScoreClassifier": "operators.evaluate.score_classifier",
    "ScoreClusters": "operators.evaluate.score_clusters",
    "ScoreRegressor": "operators.evaluate.score_regressor",
    "SelectColumns": "operators.transform.select_columns",
    "SelectFeatures": "operators.prepare.select_features",
    "SortRows": "operators.transform.sort_rows",
    "SplitRows": "operators.sample.split_rows",
    "SqlTransform": "operators.transform.sql_transform",
    "TargetEncode": "operators.prepare.target_encode",
    "TrainClassifier": "operators.train.train_classifier",
    "TrainClusters": "operators.train.train_clusters",
    "TrainRegressor": "operators.train.train_regressor",
    "UnionRows": "operators.transform.union_rows",
    "WriteTable": "operators.sinks.write_table",
}


def __getattr__(name: str) -> Any:
    """Import an operator when it is first asked for: a process that only reads a file needs none of them."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)
