"""The words of the screen of services."""

TEXTS: dict[str, tuple[str, str]] = {
    "services.empty": ("There are no services yet. Deploy a model.", "还没有服务。请部署一个模型。"),
    "services.open_models": ("Open the models", "打开模型"),
    "services.open_model": ("Its model", "它的模型"),
    "services.service": ("Service", "服务"),
    "services.model": ("Model", "模型"),
    "services.version": ("Version", "版本"),
    "services.status": ("Status", "状态"),
    "services.environment": ("Environment", "环境"),
    "services.cpu": ("CPU", "CPU"),
    "services.gpu": ("GPU", "GPU"),
    "services.updated": ("Changed", "更改时间"),
    "services.seen": ("Last seen", "最近查看"),
    "services.last_seen": (
        "No engine has looked at it since: last seen {status} at {at}.",
        "此后没有引擎查看过：最近一次是 {at}，状态为{status}。",
    ),
    "services.url": ("URL", "网址"),
    "services.runs": ("{model} version {version}", "{model} 第 {version} 版"),
    "services.view": ("View", "视图"),
    "view.try": ("Try it", "试一试"),
    "view.traffic": ("Live", "实时"),
    "view.call": ("Call it", "调用"),
    "view.captured": ("Requests", "请求记录"),
    "services.how": ("How to ask", "提问方式"),
    "services.by_form": ("one row", "单行"),
    "services.by_table": ("some rows", "多行"),
    "services.by_file": ("a file", "文件"),
    "services.optional": (
        "A request may leave out {columns}, as rows to learn from did; every other column is needed.",
        "请求可以省略 {columns}（训练数据中有缺失）；其余各列必须给出。",
    ),
    "services.no_signature": ("What this version asks for is not known.", "该版本需要的输入未知。"),
    "services.ask": ("Ask", "提问"),
    "services.about_table": (
        "Change the rows, add some, paste from a spreadsheet.",
        "修改或添加行，也可以从电子表格粘贴。",
    ),
    "services.ask_rows": ("Ask about these rows", "提交这些行"),
    "services.about_file": (
        "Every row of the file is asked about; the answers come beside the rows, to download.",
        "文件的每一行都会被提问；回答会附在各行旁边，可以下载。",
    ),
    "services.ask_file": ("Ask about the file", "提交该文件"),
    "services.asking": ("Asking the service…", "正在询问服务…"),
    "services.asking_file": ("Asking about the rows of the file…", "正在对文件的各行提问…"),
    "services.file_answered": ("{name} answered {rows} {rows:row|rows}.", "{name} 回答了 {rows} 行。"),
    "services.answer": ("Answer", "回答"),
    "services.answered": ("Answered by {model}, version {version}", "由 {model} 第 {version} 版回答"),
    "services.probability": ("probability", "概率"),
    "services.probability_of": ("probability of {label}", "{label} 的概率"),
    "services.probability_alt": ("Bars: the probability of each label", "条形图：每个类别的概率"),
    "services.no_url": ("It has no address until it runs.", "运行之前没有地址。"),
    "services.addresses": ("All its addresses", "所有地址"),
    "services.about_addresses": (
        "/invocations speaks as MLflow does, /metrics is for Prometheus, /openapi.json is the contract. All listen on "
        "this machine only.",
        "/invocations 遵循 MLflow 的约定，/metrics 供 Prometheus 读取，/openapi.json 是接口约定。均只在本机监听。",
    ),
    "services.stop": ("Stop", "停止"),
    "services.start": ("Start again", "重新启动"),
    "services.restart": ("Restart", "重启"),
    "services.roll_back": ("Back to {model} version {version}", "恢复到 {model} 第 {version} 版"),
    "services.stopping": (
        "The service was asked to stop. Its captured rows stay.",
        "已请求停止该服务。已记录的数据会保留。",
    ),
    "services.watch": ("Watch it for drift", "查看是否漂移"),
    "services.no_captured": (
        "Nothing was asked yet. Requests appear here some seconds after they came.",
        "还没有收到请求。请求到达几秒后会显示在这里。",
    ),
    "services.about_captured": (
        "The newest first, with the answers beside; monitoring compares these rows.",
        "最新的在前，旁边是回答；监控会比较这些数据。",
    ),
    "traffic.rate": ("requests/s", "每秒请求数"),
    "traffic.seconds": ("{count} s", "{count} 秒"),
    "traffic.minutes": ("{count} min", "{count} 分钟"),
    "traffic.about_now": (
        "The mean of the {seconds:last whole second|last {seconds} whole seconds}; the line below goes back "
        "{minutes} {minutes:minute|minutes}.",
        "最近 {seconds} 个整秒的平均值；下方曲线为最近 {minutes} 分钟。",
    ),
    "traffic.about_times": (
        "{part} % of the requests of the {seconds:last second|last {seconds} s} took at most this; the line below "
        "goes back {minutes} {minutes:minute|minutes}.",
        "最近 {seconds} 秒内 {part}% 的请求耗时不超过此值；下方曲线为最近 {minutes} 分钟。",
    ),
    "traffic.refused": ("refused", "拒绝"),
    "traffic.about_refused": (
        "Requests that do not fit the signature (HTTP 4xx).",
        "不符合签名的请求（HTTP 4xx）。",
    ),
    "traffic.failed": ("failed", "失败"),
    "traffic.about_failed": (
        "Requests that the service failed to answer (HTTP 5xx).",
        "服务未能回答的请求（HTTP 5xx）。",
    ),
    "traffic.milliseconds": ("milliseconds", "毫秒"),
    "traffic.quiet": ("Nobody has asked yet.", "还没有人提问。"),
    "traffic.last": (
        "Nobody asked in the {minutes:last minute|last {minutes} minutes}; the last request came {at}.",
        "最近 {minutes} 分钟没有请求；最近一次请求在 {at}。",
    ),
    "traffic.about": (
        "{requests} {requests:request|requests} in the {minutes:last minute|last {minutes} minutes}, as the "
        "replica measured them; what waits before it, or is "
        "turned away there (HTTP 503), is not in.",
        "最近 {minutes} 分钟共 {requests} 个请求，由副本测得；不含此前的等待，也不含在那里被拒绝的请求（HTTP 503）。",
    ),
    "traffic.alt": (
        "Lines: how long half, 95 % and 99 % of the requests took at most",
        "折线图：50%、95% 和 99% 的请求所用的最长时间",
    ),
}
