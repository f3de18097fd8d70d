"""The words of the home screen."""

TEXTS: dict[str, tuple[str, str]] = {
    "home.about": (
        "From data to a model, from the model to a service, and a service that stays true.",
        "从数据到模型，从模型到服务，并让服务始终可信。",
    ),
    "home.empty": (
        "Nothing here yet. One click on a sample loads its data, makes its pipeline and trains a model.",
        "这里还没有内容。点击一个示例，即可载入数据、生成流水线并训练模型。",
    ),
    "home.cpu_free": ("{free} of {total} CPU free", "CPU 空闲 {free}/{total}"),
    "home.gpu_free": ("{free} of {total} GPU free", "GPU 空闲 {free}/{total}"),
    "home.disk_free": ("{free} GiB of disk left", "磁盘剩余 {free} GiB"),
    "home.little_disk": (
        "Only {free} GiB of disk are left. Free some before large runs.",
        "磁盘只剩 {free} GiB。运行大任务前请先清理空间。",
    ),
    "home.version": ("version {version}", "版本 {version}"),
    "home.running": ("Running now", "正在运行"),
    "home.recent": ("Recent runs", "最近的运行"),
    "home.failed": ("Failed lately", "最近失败"),
    "home.alarms": ("Drift", "漂移"),
    "home.calm": ("No service has drifted.", "没有服务发生漂移。"),
    "home.look": ("Look at {service}", "查看 {service}"),
    "home.recent_objects": ("Changed lately", "最近更改"),
    "home.none": ("None yet.", "暂无。"),
    "home.samples": ("Samples", "示例"),
    "home.sample_churn": ("Who will leave?", "谁会流失？"),
    "home.about_churn": (
        "3,000 customers of a subscription: a classifier says who will cancel.",
        "3,000 位订阅客户：用分类模型判断谁会退订。",
    ),
    "home.sample_traffic": ("Which cell will fail?", "哪个小区会故障？"),
    "home.about_traffic": (
        "6,720 hours of mobile network cells: a classifier warns of faults.",
        "6,720 条移动网络小区的小时记录：用分类模型预警故障。",
    ),
    "home.sample_tumours": ("Benign or malignant?", "良性还是恶性？"),
    "home.about_tumours": (
        "398 tumours measured under the microscope: a linear classifier tells them apart.",
        "398 个显微镜下测量的肿瘤：用线性分类模型加以区分。",
    ),
    "home.own_file": (
        "**Your own data?** A CSV, Excel, JSON or Parquet file is read, looked at and described first.",
        "**有自己的数据？** CSV、Excel、JSON 或 Parquet 文件会先读取、检查并给出描述。",
    ),
    "home.use_own_file": ("Use my own file", "使用自己的文件"),
    "home.train": ("Train on this sample", "用此示例训练"),
    "home.training": ("Loading the sample and starting its pipeline…", "正在载入示例并启动流水线…"),
    "home.trains": ("The sample is loaded and its pipeline runs.", "示例已载入，流水线正在运行。"),
    "home.open_run": ("Open run {run}", "打开运行 {run}"),
    "ago.days": ("{count} d ago", "{count} 天前"),
    "ago.hours": ("{count} h ago", "{count} 小时前"),
    "ago.minutes": ("{count} min ago", "{count} 分钟前"),
    "ago.now": ("just now", "刚刚"),
}
