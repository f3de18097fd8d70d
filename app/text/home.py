"""The words of the home screen."""

TEXTS: dict[str, tuple[str, str]] = {
    "home.about": (
        "From data to a model, from the model to a service, and a service that stays true.",
        "从数据到模型，从模型到服务，并让服务始终可信。",
    ),
    "home.datasets": ("Datasets", "数据集"),
    "home.runs": ("Runs", "运行"),
    "home.models": ("Model versions", "模型版本"),
    "home.services": ("Services", "服务"),
    "home.healthy": ("{count} healthy", "{count} 个健康"),
    "home.live": ("{count} running", "{count} 个进行中"),
    "home.recent": ("Recent runs", "最近的运行"),
    "home.failed": ("Failed lately", "最近失败"),
    "home.empty": (
        "Nothing here yet. Load a sample of customers and train a first model on it.",
        "这里还没有内容。载入客户示例数据，训练第一个模型。",
    ),
    "home.next": ("Open the pipelines", "打开流水线"),
    "home.alarms": ("Drift in the last reports", "最近报告中的漂移"),
    "home.calm": ("No service has drifted.", "没有服务发生漂移。"),
}
