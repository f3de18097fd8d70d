"""What is said about devices, environments and shares."""

SENTENCES: dict[str, str] = {
    "Ray did not start: {}": "Ray 没有启动：{}",
    "See whether memory and /tmp have room, then try again.": "请检查内存和 /tmp 是否有空间，然后再试。",
    "Ray is not running any more.": "Ray 已不再运行。",
    "Start it again.": "请重新启动。",
    "This process uses the Ray at {} already, and cannot use the one at {}.": (
        "此进程已在使用 {} 的 Ray，不能再使用 {} 的。"
    ),
    "Disconnect first.": "请先断开连接。",
    "Ray at {} cannot be used: {}": "{} 的 Ray 无法使用：{}",
    "See whether the address is right and TANDEM_RAY's cluster takes this token.": (
        "请检查地址是否正确，以及 TANDEM_RAY 的集群是否接受此令牌。"
    ),
    "Nobody answers at the Ray address {}.": "Ray 地址 {} 没有响应。",
    "Give host:port of a running Ray in TANDEM_RAY, or unset it to have one started here.": (
        "请在 TANDEM_RAY 中写正在运行的 Ray 的 主机:端口，或取消该设置以在本机启动。"
    ),
    "The environments together have quotas of {}, and there is {}.": "各环境的配额合计为 {}，而总共只有 {}。",
    "Make a quota smaller; a quota is kept free for its environment at all times.": (
        "请调小配额；配额始终为其环境保留。"
    ),
    "The environment {} has the policy {}, which does not exist.": "环境{}的策略{}不存在。",
    "Policies are {}.": "可用的策略：{}。",
    "The environment {} has a quota of {}, and {} was asked for.": "环境{}的配额为 {}，而请求的是 {}。",
    "Ask for less, or give the environment a larger quota.": "请减少请求，或增大该环境的配额。",
    "Ray is not running.": "Ray 没有运行。",
    "Open the ground first.": "请先启动引擎。",
    "No environment {}.": "没有环境{}。",
    "The environment {} keeps its share for services.": "环境{}的份额保留给服务使用。",
    "Run in one of {}.": "可在以下环境中运行：{}。",
    "The environment {} is {}, and services need a fixed share.": "环境{}是{}的，而服务需要固定份额。",
    "Deploy into one of {}.": "可部署到：{}。",
    "The environment {} has {} left, and {} was asked for.": "环境{}只剩 {}，而请求的是 {}。",
    "Stop a service there, or ask for a smaller share.": "请停止其中的一个服务，或减少份额。",
    "The environment {} could not reserve {} within {} seconds.": "环境{}在 {2} 秒内没能预留 {1}。",
    "Something else holds it: see `tandem resources`.": "资源被其他任务占用：请查看“资源”页面。",
    "The group {} was not removed within {} seconds.": "资源组{}在 {} 秒内没有移除。",
    "The {} share {} is not a number.": "{} 份额 {} 不是数字。",
    "A {} share cannot be negative, and this one is {}.": "{} 份额不能为负，现在是 {}。",
    "The {} share {} is finer than 0.0001.": "{} 份额 {} 小于最小单位 0.0001。",
    "Ask for {} instead.": "请改为 {}。",
    "The memory {} is not an amount.": "内存 {} 不是有效的数量。",
    "Write bytes, or a number with a unit: 512MiB, 4GiB, 4GB.": "请写字节数，或带单位的数字：512MiB、4GiB、4GB。",
    "{} GPUs cannot be given: above one GPU only whole ones can.": "不能分配 {} 个 GPU：超过一个时只能是整数。",
    "Ask for {} or {}, or for a share up to 1.": "请改为 {} 或 {}，或不超过 1 的份额。",
    "There is no resource {}.": "没有资源{}。",
    "Resources are cpu, gpu and memory.": "资源有 cpu、gpu 和 memory。",
    "Memory cannot be negative, and this is {}.": "内存不能为负，现在是 {}。",
    "The {} share {} is not an integer.": "{} 份额 {} 不是整数。",
}
