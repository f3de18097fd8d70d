"""What is said about devices, environments and shares."""

SENTENCES: dict[str, str] = {
    "Ray did not start: {}": "Ray 没有启动：{}",
    "This Ray starts its raylet without {}.": "该版本的 Ray 启动 raylet 时没有 {}。",
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
    "At least {} GPU was asked for, and at most {}.": "请求的最小份额为 {} GPU，而最大为 {}。",
    "Several GPUs cannot be squeezed.": "多个 GPU 不能压缩份额。",
    "Leave gpu_least out.": "请去掉 gpu_least。",
    "Shares of {} are fixed, and one that may shrink was asked for.": "{} 的份额是固定的，而请求的份额可被压缩。",
    "There is no resource {}.": "没有资源{}。",
    "Resources are cpu, gpu and memory.": "资源有 cpu、gpu 和 memory。",
    "Memory cannot be negative, and this is {}.": "内存不能为负，现在是 {}。",
    "The {} share {} is not an integer.": "{} 份额 {} 不是整数。",
    "The services of {} have {}, which is more than it would.": "环境{}的服务占用 {}，超过更改后的配额。",
    "The service {} has {} of {}, which {} would not have.": "服务{0}占用 {2} 的 {1}，而更改后的环境{3}不再拥有它。",
    "Stop it first, and start it again when the environment is changed.": "请先停止它，更改环境后再启动。",
    "It stays on {}, which is out of service: there is no room elsewhere.": (
        "它留在已停用的 {} 上：其他设备没有空间。"
    ),
    "No device of {} has {} left, and the most is {}.": "环境{}没有剩余 {} 的设备，最多剩余 {}。",
    "The environment {} has a quota of {} GPU from {}, and {} can be given.": (
        "环境{}的配额为 {2} 中的 {1} GPU，而只能给出 {3}。"
    ),
    "Make its quota or another's smaller, or let it have other devices; a part lies on one device.": (
        "请减小它或其他环境的配额，或让它使用其他设备；一份份额只能在一个设备上。"
    ),
    "The devices {} cannot be read.": "无法识别设备{}。",
    "Write numbers and models: 2xA100,1xT4,4xAscend910B.": "请写数量和型号：2xA100,1xT4,4xAscend910B。",
    "Stop a service there first.": "请先停止其中的一个服务。",
    "The environment {} cannot be changed so while its tasks run: {}": "环境{}的任务正在运行，不能这样更改：{}",
    "Cancel what runs there or wait for its end, or leave it more.": "请取消其中的运行、等待其结束，或保留更多份额。",
    "The environment {} has {} tasks that run and {} that wait.": "环境{}有 {} 个任务在运行、{} 个在等待。",
    "Cancel them or wait for their end, then remove it.": "请取消这些任务或等待其结束，然后再移除。",
    "A trace cannot be inflated to {}.": "轨迹不能放大到 {}。",
    "Take a number above 0, at most 10.": "请用大于 0、不超过 10 的数。",
    "A window cannot have {} tasks.": "一个窗口不能有 {} 个任务。",
    "Take 1 to {}.": "请取 1 到 {}。",
    "There is no policy {} of placement.": "没有放置策略{}。",
    "There is no load of {}.": "没有负载 {}。",
    "Take a number above 0, such as 0.9.": "请用大于 0 的数，例如 0.9。",
    "The trace has no tasks with times that would fit its machines.": "轨迹中没有带时间且放得进其机器的任务。",
    "It needs times of arrival and durations; in openb creation_time and deletion_time.": (
        "需要到达时间和时长；openb 中为 creation_time 和 deletion_time。"
    ),
    "The machines of the trace are not known.": "不知道轨迹的机器。",
    "The machines are given twice.": "机器给出了两次。",
    "Name their file with --nodes, or write them in short: --cluster 133x8.": (
        "请用 --nodes 指定机器文件，或简写：--cluster 133x8。"
    ),
    "The columns of {} are those of no trace that is known.": "{} 的列不属于任何已知的轨迹格式。",
    "openb: {}; {}.": "openb：{}；{}。",
    "The machines {} are not written as they can be read.": "无法识别机器{}的写法。",
    "The machines {} have no memory {}.": "机器{}没有内存{}。",
    "The cluster {} has no GPUs.": "集群{}没有 GPU。",
    "The cluster {} has more than {} machines.": "集群{}的机器超过 {} 台。",
    "Take fewer.": "请减少数量。",
    "Write machines x GPUs, then model, CPUs and memory where they count: 133x8:V100:48:376GiB,20x2:T4.": (
        "请写“机器数x每台GPU数”，需要时再写型号、CPU 和内存：133x8:V100:48:376GiB,20x2:T4。"
    ),
    "the submit_time {} is no time such as 2020-09-01 08:00:00.": (
        "submit_time {} 不是 2020-09-01 08:00:00 这样的时间。"
    ),
    "the {} {} is not a number.": "{} {} 不是数字。",
    "the {} is {}, and at least 0 is needed.": "{} 为 {}，至少应为 0。",
    "There is no scheduling policy {}.": "没有调度策略{}。",
    "There is no level {}.": "没有级别{}。",
    "Parts of GPUs cannot be held at the level 'partitioned' here: no MPS daemon runs.": (
        "本机不能按级别 'partitioned' 约束 GPU 份额：没有 MPS 守护进程。"
    ),
    "An administrator can start one; or choose capped, or hardware for whole GPUs.": (
        "管理员可以启动它；也可选择 capped，或用于整块 GPU 的 hardware。"
    ),
    "Partitioned environments take {} whole cores of {}, and the others have quotas of CPU {}.": (
        "分区级别的环境占用 {} 个整核（共 {} 个），而其他环境的配额为 CPU {}。"
    ),
    "Make a quota smaller, or choose the level capped.": "请减小配额，或选择级别 capped。",
    "One core cannot be divided.": "只有一个核，无法划分。",
    "This system cannot bind work to cores.": "此系统不能把工作绑定到 CPU 核。",
    "Levels are {}.": "级别有：{}。",
    "Shares cannot be held at the level {} here: {}": "本机不能按级别{}约束份额：{}",
    "The environment {} gives whole GPUs only, and {} was asked for.": "环境{}只分配整块 GPU，而请求的是 {}。",
    "Ask for 1 GPU, or for none.": "请请求 1 块 GPU 或不请求。",
    "It took {} of memory, and its share is {}.": "它占用了 {} 内存，而其份额为 {}。",
    "It took {} of the memory of {}, and its share is {}.": "它占用了 {1} 的显存 {0}，而其份额为 {2}。",
    "Use fewer rows, or ask for more in the node's resources.": "请减少行数，或在节点的资源中请求更多。",
    "The pool {} is broken: {}": "资源池{}的状态不一致：{}",
    "This is a fault of ours.": "这是我们的错误。",
    "{} can never run: {} has no place for its {} tasks together.": "{}无法运行：{}放不下它的全部 {} 个任务。",
    "Ask for less, or give the environment more.": "请减少请求，或给该环境更多资源。",
    "Tasks are not where the scheduler knows them.": "任务的位置与调度器的记录不符。",
    "The task {} asks for {} and could do with {} GPU.": "任务{}请求 {}，最少可用 {} GPU。",
    "The least share lies between 0 and what is asked for.": "最小份额应在 0 与请求量之间。",
    "The task {} takes whole GPUs, which cannot be squeezed.": "任务{}使用整块 GPU，不能压缩份额。",
    "The gang of {} has {} tasks.": "{}的任务组有 {} 个任务。",
    "the node has GPUs of no model.": "该节点有 GPU，但没有写型号。",
    "the gpu_milli is {}, and a GPU has 1000.": "gpu_milli 为 {}，而一块 GPU 只有 1000。",
    "the {} is empty.": "{}为空。",
    "The trace {} has no rows.": "轨迹文件 {} 没有数据行。",
    "It has a line of names and then a line per row.": "第一行应为列名，其后每行一条记录。",
    "the {} is {}, and at least {} is needed.": "{} 为 {}，至少应为 {}。",
    "The trace {} has no column {}.": "轨迹文件 {} 没有列{}。",
    "It needs {}.": "需要 {}。",
    "the {} {} is not an integer.": "{} {} 不是整数。",
    "There is no trace {}.": "没有轨迹文件 {}。",
    "The trace {} cannot be read: {}": "轨迹文件 {} 无法读取：{}",
    "It is a CSV file in UTF-8, or one packed by gzip.": "它应是 UTF-8 的 CSV 文件，或用 gzip 压缩的文件。",
    "Line {} of {} is wrong: {}": "第 {} 行（{}）有误：{}",
    "Mend the line, or take it out.": "请修正该行或将其删除。",
    "Line {} of {} has {} values, and the head has {} names.": "第 {} 行（{}）有 {} 个值，而表头有 {} 个列名。",
}
