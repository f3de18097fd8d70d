"""What a person reads for a field or an option, in English and Chinese, where its operator does not say it.

A field may bring its own label (`hint(..., label=...)`); the words that many operators share stand here once.
"""

from collections.abc import Mapping
from typing import Any, Final

Pair = tuple[str, str]

FIELDS: Final[Mapping[str, Pair]] = {
    "Baseline.statistic": ("Statistic", "统计量"),
    "HyperparameterSearch.share": ("CPUs per candidate", "每个候选的 CPU"),
    "OneHot.drop": ("Leave out the first", "省略第一列"),
    "PCA.share": ("Variance explained", "累计方差占比"),
    "Pca.share": ("Variance explained", "累计方差占比"),
    "PythonScript.columns": ("Columns returned", "返回的列"),
    "SampleRows.share": ("Share of rows", "行比例"),
    "SelectFeatures.keep": ("Columns to keep", "保留列数"),
    "aggregations": ("Figures", "统计量"),
    "algorithm": ("Algorithm", "算法"),
    "alpha": ("Penalty (alpha)", "惩罚强度 (alpha)"),
    "at_once": ("Candidates at once", "同时尝试数"),
    "balance": ("Balance classes", "平衡类别"),
    "bins": ("Bins", "分箱数"),
    "by": ("By", "依据列"),
    "clusters": ("Clusters", "聚类数"),
    "code": ("Code", "代码"),
    "colsample_bytree": ("Share of columns per tree", "每棵树的列比例"),
    "column": ("Column", "列"),
    "columns": ("Columns", "列"),
    "components": ("Components", "主成分数"),
    "count": ("Rows", "行数"),
    "dataset": ("Dataset", "数据集"),
    "decimal": ("Decimal mark", "小数点"),
    "delimiter": ("Delimiter", "分隔符"),
    "descending": ("Descending", "降序"),
    "division": ("Division", "划分方式"),
    "early_stopping_rounds": ("Rounds before stopping early", "提前停止轮数"),
    "edges": ("Edges", "边界"),
    "encoding": ("Encoding", "编码"),
    "expression": ("Expression", "表达式"),
    "factor": ("Factor", "倍数"),
    "features": ("Features", "特征列"),
    "folds": ("Folds", "折数"),
    "format": ("Format", "格式"),
    "formulas": ("Allow formulas", "允许公式"),
    "function": ("Function", "统计函数"),
    "header_row": ("Line of the names", "列名所在行"),
    "how": ("Kind of join", "连接方式"),
    "keep": ("Keep", "保留"),
    "kind": ("Kind", "类型"),
    "l2_regularization": ("L2 penalty", "L2 惩罚"),
    "labels": ("Names of the tables", "各表名称"),
    "learning_rate": ("Learning rate", "学习率"),
    "left_on": ("Keys of the left table", "左表键列"),
    "limit": ("Limit", "上限"),
    "lower": ("Lower quantile", "下分位数"),
    "max_categories": ("Categories at most", "最多类别数"),
    "max_depth": ("Depth at most", "最大深度"),
    "max_features": ("Columns per split", "每次分裂的列"),
    "max_iter": ("Rounds at most", "最大迭代次数"),
    "max_leaf_nodes": ("Leaves at most", "最大叶节点数"),
    "memory_mb": ("Memory (MiB)", "内存 (MiB)"),
    "method": ("Method", "方法"),
    "metric": ("Metric", "评判指标"),
    "min_child_samples": ("Rows in a leaf at least", "叶节点最少行数"),
    "min_samples_leaf": ("Rows in a leaf at least", "叶节点最少行数"),
    "min_share": ("Rarest share", "最低占比"),
    "mode": ("Mode", "模式"),
    "n_estimators": ("Trees", "树的数量"),
    "n_iter_no_change": ("Rounds before stopping early", "提前停止轮数"),
    "name": ("Name", "名称"),
    "names": ("New names", "新名称"),
    "normalize": ("Show", "显示方式"),
    "nulls": ("Nulls", "空值"),
    "num_leaves": ("Leaves at most", "最大叶节点数"),
    "numbers": ("Numbers in text", "文本中的数字"),
    "on": ("Keys of both tables", "两表键列"),
    "on_error": ("Unreadable values", "无法转换的值"),
    "origin": ("Origin column", "来源列"),
    "other": ("One column for the rest", "其余合并为一列"),
    "output": ("Name of a bin", "箱的表示"),
    "path": ("File", "文件"),
    "positive": ("Positive class", "正类"),
    "prefix": ("Prefix", "前缀"),
    "query": ("Query", "查询语句"),
    "reg_lambda": ("L2 penalty", "L2 惩罚"),
    "right_on": ("Keys of the right table", "右表键列"),
    "right_unique": ("One right row per key", "每键只取一行"),
    "sample": ("Rows looked at", "使用的行数"),
    "scale": ("Scale first", "先标准化"),
    "seed": ("Seed", "随机种子"),
    "share": ("Share", "比例"),
    "smoothing": ("Smoothing", "平滑强度"),
    "statistic": ("Statistic", "统计量"),
    "strategy": ("Binning", "分箱方式"),
    "stratify": ("Keep the shares of", "分层列"),
    "subsample": ("Share of rows per tree", "每棵树的行比例"),
    "suffix": ("Suffix", "后缀"),
    "target": ("Target", "目标列"),
    "task": ("Task", "任务"),
    "test_share": ("Share held out", "测试比例"),
    "thousands": ("Mark between thousands", "千位分隔符"),
    "threshold": ("Lowest score", "最低得分"),
    "timeout_s": ("Time limit (seconds)", "时限（秒）"),
    "trials": ("Candidates", "候选数量"),
    "types": ("New types", "新类型"),
    "upper": ("Upper quantile", "上分位数"),
    "value": ("Value", "常量值"),
    "when": ("Drop when", "删除条件"),
}
"""Labels by the name of a field, or of a model and its field where the name alone says too little."""

OPTIONS: Final[Mapping[str, Pair]] = {
    "accuracy": ("Accuracy", "准确率"),
    "all": ("All values are missing", "所有列都缺失"),
    "anti": ("Left rows without a match", "左表中没有匹配的行"),
    "any": ("Any value is missing", "任意一列缺失"),
    "association": ("Association", "关联度"),
    "auto": ("Automatic", "自动"),
    "average_precision": ("Average precision", "平均精确率"),
    "balanced_accuracy": ("Balanced accuracy", "均衡准确率"),
    "boolean": ("Boolean", "布尔"),
    "brier": ("Brier score", "Brier 分数"),
    "challenger": ("Challenger", "挑战者"),
    "champion": ("Champion", "冠军"),
    "classification": ("Classification", "分类"),
    "column": ("Column of its own", "单独成列"),
    "columns.all": ("All columns", "所有列"),
    "columns.same": ("Both have the same", "列必须相同"),
    "columns.shared": ("Columns of both", "共有的列"),
    "constant": ("Constant", "常量"),
    "count": ("Count of values", "非空值数"),
    "cross": ("Every pair", "两两组合"),
    "date": ("Date", "日期"),
    "datetime": ("Date and time", "日期时间"),
    "division.time": ("In the order of time", "按时间先后"),
    "drop": ("Drop", "删除"),
    "drop.binary": ("Where there are two", "仅当只有两个类别"),
    "drop.first": ("Always", "总是"),
    "drop.none": ("Never", "从不"),
    "edges": ("Given edges", "指定边界"),
    "equal_frequency": ("Equally many rows", "等频"),
    "equal_width": ("Equally wide", "等宽"),
    "error": ("Stop with an error", "报错"),
    "f1": ("F1", "F1"),
    "first": ("First", "第一行"),
    "float32": ("Float32", "浮点数 float32"),
    "float64": ("Float64", "浮点数 float64"),
    "frequency": ("Frequency", "频率"),
    "full": ("All rows of both", "两表全部行"),
    "group": ("Whole groups", "按组整体"),
    "importance": ("Importance in a model", "模型重要性"),
    "inner": ("Rows that match", "匹配的行"),
    "int16": ("Int16", "整数 int16"),
    "int32": ("Int32", "整数 int32"),
    "int64": ("Int64", "整数 int64"),
    "int8": ("Int8", "整数 int8"),
    "iqr": ("Quartile distance", "四分位距"),
    "keep": ("Keep", "保留"),
    "last": ("Last", "最后一行"),
    "left": ("All left rows", "左表全部行"),
    "log2": ("Logarithm", "对数 log2"),
    "log_loss": ("Log loss", "对数损失"),
    "mae": ("Mean absolute error", "平均绝对误差"),
    "mape": ("Mean absolute percentage error", "平均绝对百分比误差"),
    "max": ("Maximum", "最大值"),
    "max_error": ("Largest error", "最大误差"),
    "mean": ("Mean", "均值"),
    "median": ("Median", "中位数"),
    "median_absolute_error": ("Median absolute error", "中位绝对误差"),
    "min": ("Minimum", "最小值"),
    "min_max": ("Smallest and range", "最小值与极差"),
    "most_frequent": ("Most frequent", "众数"),
    "mutual_information": ("Mutual information", "互信息"),
    "n_unique": ("Distinct values", "不同值数"),
    "none": ("None", "无"),
    "normalize.all": ("Shares of all rows", "占全部行的比例"),
    "normalize.count": ("Rows", "行数"),
    "normalize.none": ("Rows", "行数"),
    "null": ("Null", "空值"),
    "number": ("Number of the bin", "编号"),
    "one_hot": ("One column per value", "独热编码"),
    "ordinal": ("Number per value", "序号"),
    "plain": ("Plain, as 1234.5", "普通，如 1234.5"),
    "precision": ("Precision", "精确率"),
    "prediction": ("Shares of each prediction", "占各预测的比例"),
    "quantile": ("Quantiles", "分位数"),
    "r2": ("R²", "R²"),
    "random": ("Random", "随机"),
    "range": ("Range", "区间"),
    "recall": ("Recall", "召回率"),
    "regression": ("Regression", "回归"),
    "rmse": ("Root mean squared error", "均方根误差"),
    "robust": ("Median and quartiles", "中位数与四分位距"),
    "roc_auc": ("ROC AUC", "ROC AUC"),
    "rows": ("Number of rows", "行数"),
    "semi": ("Left rows with a match", "左表中有匹配的行"),
    "sqrt": ("Square root", "平方根"),
    "standard": ("Mean and deviation", "均值与标准差"),
    "std": ("Standard deviation", "标准差"),
    "stratified": ("Stratified", "分层"),
    "string": ("Text", "文本"),
    "sum": ("Sum", "总和"),
    "time": ("Latest in time", "按时间最新"),
    "truth": ("Shares of each label", "占各标签的比例"),
    "uint16": ("UInt16", "无符号整数 uint16"),
    "uint32": ("UInt32", "无符号整数 uint32"),
    "uint64": ("UInt64", "无符号整数 uint64"),
    "uint8": ("UInt8", "无符号整数 uint8"),
    "uniform": ("Equally wide", "等宽"),
    "variance": ("Variance", "方差"),
    "zeros": ("Zero in all columns", "全部为 0"),
}
"""Words for options by their value, or by field and value; others are shown as they are."""


_VALUES = frozenset({"default", "examples", "const", "enum", "i18n", "search"})


def labelled(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the JSON Schema of an operator with a label for each field and words for each option.

    They stand beside the Chinese description, in `i18n`: `label` and `options`, both by language. What the
    operator says itself is kept.
    """
    found: dict[str, Any] = _walked(dict(schema), "")
    return found


def _walked(part: Any, field: str) -> Any:
    if isinstance(part, list):
        return [_walked(item, field) for item in part]
    if not isinstance(part, dict):
        return part
    walked = {name: value if name in _VALUES else _walked(value, field) for name, value in part.items()}
    if isinstance(part.get("properties"), dict):
        model = str(part.get("title", ""))
        walked["properties"] = {name: _named(model, name, inner) for name, inner in part["properties"].items()}
    if isinstance(part.get("enum"), list):
        options = [option for option in part["enum"] if isinstance(option, str)]
        words = {option: OPTIONS.get(f"{field}.{option}") or OPTIONS.get(option) for option in options}
        _add(walked, "options", {option: _by_language(pair) for option, pair in words.items() if pair})
    return walked


def _named(model: str, name: str, field: Any) -> Any:
    walked = _walked(field, name)
    label = FIELDS.get(f"{model}.{name}") or FIELDS.get(name)
    if isinstance(walked, dict) and label:
        _add(walked, "label", _by_language(label))
    return walked


def _add(part: dict[str, Any], key: str, value: Mapping[str, Any]) -> None:
    if not value:
        return
    texts = part.get("i18n")
    texts = dict(texts) if isinstance(texts, dict) else {}
    part["i18n"] = {**texts, key: {**value, **texts.get(key, {})}}


def _by_language(pair: Pair) -> dict[str, str]:
    return dict(zip(("en", "zh"), pair, strict=True))
