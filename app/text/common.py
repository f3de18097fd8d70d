"""What every screen says."""

TEXTS: dict[str, tuple[str, str]] = {
    "page.home": ("Home", "首页"),
    "page.data": ("Data", "数据"),
    "page.pipelines": ("Pipelines", "流水线"),
    "page.runs": ("Runs", "运行"),
    "page.models": ("Models", "模型"),
    "page.services": ("Services", "服务"),
    "page.explore": ("Explore", "探索"),
    "page.features": ("Features", "特征"),
    "page.operators": ("Operators", "算子"),
    "page.resources": ("Resources", "资源"),
    "page.settings": ("Settings", "设置"),
    "page.monitoring": ("Monitoring", "监控"),
    "engine.up": ("Engine is running", "引擎正在运行"),
    "engine.is_down": ("Engine is down", "引擎未运行"),
    "engine.down": (
        "The engine is not running. What is kept can be seen; nothing new runs until it is started.",
        "引擎没有运行。已保存的内容可以查看；启动之前不会执行新的任务。",
    ),
    "engine.start": ("Start the engine", "启动引擎"),
    "engine.starting": ("Starting the engine…", "正在启动引擎…"),
    "engine.environment": ("{name}: {cpu} CPU free, {queued} waiting", "{name}：空闲 {cpu} CPU，{queued} 个等待"),
    "error.unexpected": (
        "Something unexpected happened ({kind}). The log of the screens says more.",
        "发生了意外情况（{kind}）。详情见界面日志。",
    ),
    "work.goes_on": ("It goes on when this page is closed.", "关闭此页面不会中断。"),
    "rows.some": ("{rows} of {total} rows", "{total} 行中的 {rows} 行"),
    "rows.more": ("The first {rows} rows; there are more.", "前 {rows} 行；后面还有。"),
    "rows.download": ("Download as CSV", "下载为 CSV"),
}
