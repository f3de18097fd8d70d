"""What is said about runs, the engine's jobs, the records and what is kept."""

SENTENCES: dict[str, str] = {
    "Something unexpected happened ({}).": "发生了意外情况（{}）。",
    "The engine's log, logs/engine.log, says more.": "详情见引擎日志 logs/engine.log。",
    "The engine ended {} times while it did this, so it is not tried again.": (
        "引擎在执行此任务时已中断 {} 次，因此不再重试。"
    ),
    "Its log, logs/engine.log, may say why.": "原因可能在引擎日志 logs/engine.log 中。",
    "Set another value.": "请设置其他值。",
    "TANDEM_{}={} cannot be used: {}.": "TANDEM_{}={} 无法使用：{}。",
    "Node {} has no output {} yet.": "节点{}还没有输出{}。",
    "Run the pipeline up to it first.": "请先运行流水线到该节点。",
    # runs
    "There is no dataset {}.": "没有数据集{}。",
    "Add it first.": "请先添加。",
    "{} changed since the run was asked for.": "提交运行之后，{}发生了变化。",
    "Run again.": "请重新运行。",
    "The engine's log says more.": "详情见引擎日志。",
    "It failed.": "执行失败。",
    "Use fewer rows, or ask for more memory in the node's resources.": "请减少行数，或为该节点申请更多内存。",
    "A worker that did a part of the work ended: {}.": "执行部分工作的进程中断了：{}。",
    "Run again; ask for more memory if it happens again.": "请重新运行；如再次发生，请申请更多内存。",
    "There is no engine {}.": "没有名为{}的表引擎。",
    "Choose one of {}.": "可选：{}。",
    "The environment {} keeps its share for services.": "环境{}的份额保留给服务使用。",
    "Run in train or test.": "请在 train 或 test 中运行。",
    "It took longer than {} s.": "超过了 {} 秒。",
    "It took longer than {} s, the limit of TANDEM_JOB_S.": "超过了 {} 秒，即 TANDEM_JOB_S 的上限。",
    "Ask for less, or set TANDEM_JOB_S higher. What it still finishes may yet appear.": (
        "请减少所求，或调高 TANDEM_JOB_S。它仍在完成的部分可能还会出现。"
    ),
    "It did not stop within {} s of being cancelled, and is watched no more.": ("取消后 {} 秒内没有停止，不再等待它。"),
    "What it still finishes may yet appear.": "它仍在完成的部分可能还会出现。",
    "The run was cancelled.": "运行已取消。",
    "There was not enough memory.": "内存不足。",
    "Use fewer rows, or the duckdb engine.": "请减少行数，或使用 duckdb 表引擎。",
    "Free space in the workspace.": "请清理工作区的空间。",
    "Look at the node's parameters and the types of its columns.": "请检查该节点的参数和各列的类型。",
    "See the log of the run.": "请查看运行日志。",
    # the engine and the records
    "The records URL cannot be used.": "记录库地址无法使用。",
    "Write sqlite:///file or postgresql+psycopg://host/db, and install the driver.": (
        "请写 sqlite:///文件 或 postgresql+psycopg://主机/库名，并安装驱动。"
    ),
    "The workspace {} has an engine already: {}.": "工作区 {} 已有引擎在运行：{}。",
    "Use that one, or end it with `tandem down`.": "请使用该引擎，或用 tandem down 结束它。",
    "The engine has broken off {} times.": "引擎已中断 {} 次。",
    "The engine did not start: {}": "引擎没有启动：{}",
    "it said nothing.": "没有任何输出。",
    "See {}.": "详见 {}。",
    "The engine is not ready after {} s.": "{} 秒后引擎仍未就绪。",
    "The records failed: {}.": "记录库出错：{}。",
    "`tandem doctor` looks for the cause.": "可用 tandem doctor 查找原因。",
    "Another process wrote the same record a moment ago.": "另一个进程刚刚写入了同一条记录。",
    "Look again, then repeat if needed.": "请刷新后查看，需要时再试一次。",
    "Too many read the records at once.": "同时读取记录的请求过多。",
    "Try again in a moment.": "请稍后再试。",
    "There is no job {}.": "没有任务{}。",
    "It may have been forgotten: jobs are kept for a month.": "它可能已被清除：任务只保留一个月。",
    "The records are of an older Tandem, and read-only they cannot be updated.": (
        "记录库来自旧版 Tandem，只读模式下无法升级。"
    ),
    "The records were written by a newer Tandem (revision {}, known {}).": (
        "记录库由更新版本的 Tandem 写成（修订 {}，本程序支持到 {}）。"
    ),
    "Update Tandem, or open another workspace.": "请升级 Tandem，或打开其他工作区。",
    "There is nothing in this workspace yet, and read-only nothing can be made.": (
        "此工作区还没有任何内容，只读模式下也无法创建。"
    ),
    "The records are not ones of Tandem.": "这不是 Tandem 的记录库。",
    "Check the records URL.": "请检查记录库地址。",
    "The disk is full.": "磁盘已满。",
    "The disk is full: keeping the model needs about {} bytes.": "磁盘已满：保存该模型约需 {} 字节。",
    "The records were locked by another process for more than a minute.": "记录库被其他进程锁定超过一分钟。",
    "Close the program that holds them (a backup, a database browser) and try again.": (
        "请关闭占用记录库的程序（备份、数据库浏览器等），然后再试。"
    ),
    "The disk is full, so nothing was written to the records.": "磁盘已满，没有写入记录库。",
    "Free some space and try again.": "请清理一些空间后再试。",
    "The records are damaged.": "记录库已损坏。",
    "The records are damaged: the file is no database.": "记录库已损坏：该文件不是数据库。",
    "Stop the engine with `tandem down` and put a backup of records.db in its place.": (
        "请用 tandem down 停止引擎，并用备份替换 records.db。"
    ),
    "The records cannot be written: the file is read-only.": "无法写入记录库：文件是只读的。",
    "Check who owns the workspace.": "请检查工作区的所有者。",
    "The records cannot be opened.": "无法打开记录库。",
    "Check that the workspace exists and is yours.": "请检查工作区是否存在并属于您。",
    "The disk under the records failed.": "记录库所在的磁盘出现故障。",
    "Check the disk, then start again; nothing is half-written.": "请检查磁盘后重新启动；没有写到一半的内容。",
    "The records' server does not answer.": "记录库服务器没有响应。",
    "Check TANDEM_RECORDS_URL and the server.": "请检查 TANDEM_RECORDS_URL 和服务器。",
    # what is kept
    "The files {} of {} are missing or foreign.": "{1} 中的文件 {0} 缺失或来历不明。",
    "{} is not what was stored.": "{} 与保存时不一致。",
    "There is nothing complete in {}.": "{} 中没有完整的内容。",
    "The experiments of {} point elsewhere.": "{} 的实验记录指向别处。",
    "Move the workspace back.": "请把工作区移回原处。",
    "A model cannot be called {}.": "模型名称不能是{}。",
    "Use 1 to 64 letters, digits, '_', '-' or '.', beginning with a letter or digit.": (
        "请使用 1 到 64 个字母、数字、“_”、“-”或“.”，并以字母或数字开头。"
    ),
    "There is no alias {}.": "没有别名{}。",
    "Use {} or {}.": "请使用 {} 或 {}。",
    "The model registry could not be {}: {}": "模型库无法完成操作（{}）：{}",
    "See whether the disk has room and the workspace's mlflow folder is whole.": (
        "请检查磁盘空间，以及工作区中的 mlflow 文件夹是否完整。"
    ),
    "The table {} was changed since it was kept.": "表 {} 在保存之后被改动过。",
    "Output {} was changed since it was kept.": "输出 {} 在保存之后被改动过。",
    "Run the node again.": "请重新运行该节点。",
    "The {} {} is missing or cut.": "{} {} 缺失或被截断。",
    "Nothing here reads a {}.": "此处无法读取 {}。",
    "Open the workspace with a newer Tandem.": "请用较新的 Tandem 打开该工作区。",
    "A {} cannot be kept as JSON: {}.": "{}无法保存为 JSON：{}。",
    "This is a fault of the operator.": "这是算子的缺陷。",
    "An output cannot be kept: {}.": "无法保存输出：{}。",
    "Check {}.": "请检查 {}。",
    "Free space under {}; nothing was kept.": "请在 {} 清理空间；没有保存任何内容。",
    "{} was not signed by this workspace, or was changed since.": "{} 不是由此工作区签名的，或之后被改动过。",
    "Run the node again; models of other workspaces are imported, not copied.": (
        "请重新运行该节点；其他工作区的模型应当导入，而不是复制。"
    ),
}
