"""The words of the pipeline designer."""

TEXTS: dict[str, tuple[str, str]] = {
    "pipelines.start_from": ("Start from", "起点"),
    "pipelines.last_run": ("the pipeline of run {run}", "运行 {run} 的流水线"),
    "pipelines.file": ("Or from a file (YAML or JSON)", "或从文件开始（YAML 或 JSON）"),
    "pipelines.text": ("Pipeline", "流水线"),
    "pipelines.fine": ("Nothing is wrong with this pipeline.", "这条流水线没有问题。"),
    "pipelines.problems": ("{count} problems must be mended before it can run.", "运行之前需要解决 {count} 个问题。"),
    "pipelines.node": ("Node", "节点"),
    "pipelines.field": ("Field", "字段"),
    "pipelines.sentence": ("Problem", "问题"),
    "pipelines.hint": ("What to do", "如何解决"),
    "pipelines.environment": ("Environment", "环境"),
    "pipelines.engine": ("Tables by", "表引擎"),
    "pipelines.seed": ("Seed", "随机种子"),
    "pipelines.run": ("Run", "运行"),
    "pipelines.chart": ("The nodes of the pipeline and what flows between them", "流水线的节点以及它们之间的数据流"),
    "pipelines.schemas": ("Columns at every port", "每个端口的列"),
    "pipelines.port": ("Port", "端口"),
}
