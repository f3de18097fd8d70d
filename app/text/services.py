"""The words of the screen of services."""

TEXTS: dict[str, tuple[str, str]] = {
    "services.empty": ("There are no services yet. Deploy a model.", "还没有服务。请部署一个模型。"),
    "services.open_models": ("Open the models", "打开模型"),
    "services.service": ("Service", "服务"),
    "services.model": ("Model", "模型"),
    "services.version": ("Version", "版本"),
    "services.status": ("Status", "状态"),
    "services.environment": ("Environment", "环境"),
    "services.cpu": ("CPU", "CPU"),
    "services.gpu": ("GPU", "GPU"),
    "services.url": ("URL", "网址"),
    "services.call": ("Call it", "调用"),
    "services.try": ("Try it", "试一试"),
    "services.ask": ("Ask", "提问"),
    "services.asking": ("Asking the service…", "正在询问服务…"),
    "services.answer": ("Answer", "回答"),
    "services.stop": ("Stop the service", "停止服务"),
    "services.stopping": (
        "The service was asked to stop. Its captured rows stay.",
        "已请求停止该服务。已记录的数据会保留。",
    ),
    "services.watch": ("Watch it for drift", "查看是否漂移"),
}
