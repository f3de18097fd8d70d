"""What is said about the workspace, drafts, jobs and preferences."""

SENTENCES: dict[str, str] = {
    "Binding to {} without authentication is refused.": "没有身份验证，不允许绑定到 {}。",
    "Bind to 127.0.0.1 and put an authenticating proxy in front.": "请绑定到 127.0.0.1，并在前面放置带身份验证的代理。",
    "This workbench is read-only, so nothing was changed.": "此工作台为只读，没有做任何修改。",
    "Unset TANDEM_READ_ONLY to change things.": "要修改内容，请取消 TANDEM_READ_ONLY 设置。",
    "There is no workspace {}, and read-only none can be made.": "没有工作区 {}，只读模式下也无法创建。",
    "Name a workspace that there is, or unset TANDEM_READ_ONLY.": "请指定已有的工作区，或取消 TANDEM_READ_ONLY 设置。",
    "The records of {} are missing or empty, though it holds {}.": "{} 的记录库缺失或为空，但其中有数据：{}。",
    "Put a backup of records.db in its place, or choose another workspace.": (
        "请把 records.db 的备份放回原处，或选择另一个工作区。"
    ),
    "The secret in {} has {} bytes, and at least {} are needed.": "{} 中的密钥只有 {} 字节，至少需要 {} 字节。",
    "Put a backup of it in its place; without it, models that were signed with it cannot be opened.": (
        "请把它的备份放回原处；没有它，就无法打开用它签名的模型。"
    ),
    "The workspace {} cannot be made: {}.": "无法创建工作区 {}：{}。",
    "Choose a folder you may write to with --workspace or TANDEM_WORKSPACE.": (
        "请用 --workspace 或 TANDEM_WORKSPACE 指定一个可写的文件夹。"
    ),
    "Free some space, then start again.": "请清理磁盘空间，然后重新启动。",
    "No {} {}.": "没有{}{}。",
    "There is no {} yet.": "目前还没有{}。",
    "{} is wrong: {}.": "{} 有误：{}。",
    "See the settings in README.md.": "请参阅 README.md 中的设置说明。",
    "The answer has more than {} rows.": "结果超过 {} 行。",
    "Ask for less, or aggregate.": "请减少查询内容，或先汇总。",
    "{} changed the pipeline {} meanwhile ({}, revision {}){}.": "{}刚刚修改了流水线{}（{}，修订 {}）{}。",
    "; you were at revision {}": "；您看到的是修订 {}",
    "Nothing is lost: look at the newest revision, and make your change again where it is still wanted.": (
        "没有丢失任何内容：请查看最新修订，如仍需要，再次进行您的修改。"
    ),
    "{} is another pipeline than the one that was shown.": "{}是另一条流水线，不是之前显示的那条。",
    "It is called {} now.": "那条流水线现在叫{}。",
    "It was deleted.": "那条流水线已被删除。",
    "A version cannot be called {}.": "版本标签不能是{}。",
    "Use 1 to {} characters on one line.": "请在一行内使用 1 到 {} 个字符。",
    "There is a pipeline {} already.": "已有名为{}的流水线。",
    "Choose another name, or open it.": "请换一个名称，或打开已有的流水线。",
    "The rows of this answer are no longer kept.": "该结果的数据行已不再保存。",
    "Ask again.": "请再试一次。",
    "Job {} has not ended after {} s.": "任务 {} 在 {} 秒后仍未结束。",
    "It goes on; wait again.": "它仍在进行，请继续等待。",
    "Model {} had no other champion.": "模型{}没有上一任冠军。",
    "Promote the version you want.": "请把需要的版本设为冠军。",
    "{} versions are too many.": "{} 个版本太多了。",
    "Compare at most {}.": "最多对比 {} 个。",
    "There is no preference {}.": "没有名为{}的偏好设置。",
    "There are {}.": "现有：{}。",
    "{} cannot be {}.": "{} 不能是{}。",
    "There is no environment {}.": "没有环境{}。",
    "Choose one of the list.": "请从列表中选择。",
    "The job was stopped.": "任务已停止。",
    "Run {} has not ended after {} s.": "运行 {} 在 {} 秒后仍未结束。",
    "No file {}.": "没有文件{}。",
    "Check the path; it is read on this machine.": "请检查路径；文件在本机上读取。",
    "Pipelines may not read {}.": "流水线不能读取{}。",
    "Move it into your home (no folder with a dot), or name its folder in TANDEM_DATA_FOLDERS.": (
        "请把它移到您的主目录下（路径中不能有以点开头的文件夹），或在 TANDEM_DATA_FOLDERS 中写上它所在的文件夹。"
    ),
    "There is no device {}.": "没有设备{}。",
    "This machine has no GPU, and none is pretended.": "本机没有 GPU，也没有设置逻辑 GPU。",
    "There is no label {}.": "没有标签{}。",
    "Labels are kind and model.": "标签有 kind 和 model。",
    "No device here has {}.": "这里没有 {} 的设备。",
    "There are no devices; TANDEM_DEVICES pretends some.": "这里没有设备；TANDEM_DEVICES 可以模拟一些。",
    "An environment without CPU can run nothing.": "没有 CPU 的环境什么也不能运行。",
    "Give it a part of one at least.": "请至少给它一部分 CPU。",
}
