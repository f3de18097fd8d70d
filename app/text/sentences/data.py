"""What is said about files, datasets, charts and SQL."""

SENTENCES: dict[str, str] = {
    # charts
    "quartiles here": "四分位数",
    "Column {} holds times, which have no {}.": "列{}是时间，无法计算{}。",
    "Use numbers.": "请使用数值列。",
    "There is no column {}.": "没有列{}。",
    "Choose another.": "请另选一个。",
    "Column {} holds no numbers or times, which a {} needs for {}.": "列{0}不是数值或时间，而{1}的 {2} 轴需要它们。",
    "Choose another column, or another kind of chart.": "请选择其他列，或换一种图表。",
    "a {} needs {}": "{}需要设置 {}",
    "The chart cannot be drawn: {}.": "无法绘制图表：{}。",
    "Choose its columns.": "请选择图表的列。",
    # datasets
    "{} has {} columns or more, and {} are read at most.": "{} 至少有 {} 列，而最多读取 {} 列。",
    "Write names and values as rows, or set TANDEM_MAX_COLUMNS higher.": (
        "请把列名和值写成行，或调高 TANDEM_MAX_COLUMNS。"
    ),
    "There is no file {}.": "没有文件{}。",
    "Looked in {}.": "查找位置：{}。",
    "It has version {}.": "现有版本：{}。",
    "Dataset {} has no version {}.": "数据集{}没有第 {} 版。",
    "The profile of {} is damaged.": "{}的概况已损坏。",
    "Add the file again.": "请重新添加文件。",
    "The disk is full: the table needs more than the {} bytes written so far.": (
        "磁盘已满：该表需要的空间超过已写入的 {} 字节。"
    ),
    "Free some space, or move the workspace to a larger disk.": "请清理一些空间，或将工作区移到更大的磁盘。",
    "The dataset {} is damaged: its bytes are not those that were kept.": "数据集{}已损坏：其内容与保存时不同。",
    "Import its file anew.": "请重新导入它的文件。",
    "The files of dataset '{}@{}' are gone or damaged.": "数据集“{}”第 {} 版的文件已丢失或损坏。",
    "Options are {}.": "可用的选项：{}。",
    "Reading option {}: {}.": "读取选项{}：{}。",
    "A table cannot be written as {}.": "不能将表写成{}。",
    "It may be one of {}.": "可选：{}。",
    "A table of {} rows and {} columns does not fit into a sheet.": "{} 行 {} 列的表放不进一个工作表。",
    "A sheet takes {} rows, {} columns and here {} cells: take CSV.": (
        "一个工作表最多 {} 行、{} 列，此处最多 {} 个单元格：请改用 CSV。"
    ),
    "a delimiter is one ASCII character, not {}": "分隔符必须是一个 ASCII 字符，而不是{}",
    "numbers are written like one of {}, not {}": "数字的写法只能是以下之一：{}，而不是{}",
    "line {} cannot hold the names and be left out": "第 {} 行不能既是列名又被略去",
    "{} cannot be both the decimal mark and the mark between thousands": "{}不能既是小数点又是千位分隔符",
    "column {} cannot be {}, only one of {}": "列{}不能读取为{}，只能是以下之一：{}",
    "No engine {}.": "没有名为{}的表引擎。",
    "There is no table at {}.": "{}处没有表。",
    "It was moved or deleted; run the node again.": "它已被移动或删除；请重新运行该节点。",
    "Engine {} cannot work on a column called {}.": "表引擎{}不能处理名为{}的列。",
    "Run on polars, or store the table with names free of dots and quotes.": (
        "请用 polars 运行，或使用不含句点和引号的列名保存该表。"
    ),
    "The disk is full: {} needs more than the {} bytes written so far.": (
        "磁盘已满：{}需要的空间超过已写入的 {} 字节。"
    ),
    "Free space in {} and run again.": "请在 {} 清理空间后重新运行。",
    "{} has no columns.": "{}没有任何列。",
    "Choose a file with a table.": "请选择包含表格的文件。",
    "A {} cannot be called {}.": "{}的名称不能是{}。",
    "Use 1 to {} letters, digits, '_', '-', '.' or spaces, beginning with a letter.": (
        "请使用 1 到 {} 个字符：文字（包括汉字）、数字、“_”、“-”、“.”或空格，并以文字开头。"
    ),
    "{} is not a version of dataset {}.": "{}不是数据集{}的版本。",
    "Versions count up from 1, as in 'customers@1'.": "版本从 1 开始编号，例如 customers@1。",
    # files
    "Column {} has the extension type {}, which is refused: it may run code when read.": (
        "列{}是扩展类型{}，读取时可能执行代码，因此被拒绝。"
    ),
    "Write the table again with plain columns: numbers, text, dates.": "请用普通列（数值、文本、日期）重新保存该表。",
    "Column {} has the type {}, which is not read.": "列{}的类型是 {}，无法读取。",
    "Write it as text, or as a decimal of at most {} digits.": "请保存为文本，或最多 {} 位的小数。",
    "{} is not a whole {} file.": "{}不是完整的 {} 文件。",
    "It may have been cut short: copy or write it again.": "文件可能被截断：请重新复制或保存。",
    "None of the {} lines of {} fits a table of {} columns; line {}: {}{}.": (
        "{1} 的 {0} 行都不符合 {2} 列的表；第 {3} 行：{4}{5}。"
    ),
    "Choose the delimiter, quote, header or encoding, and look at the preview.": (
        "请选择分隔符、引号、表头或编码，并查看预览。"
    ),
    "Choose other types for its columns.": "请为各列选择其他类型。",
    "Read column {} as text, or say how its numbers or dates are written.": (
        "请将列{}读取为文本，或指明其数字或日期的写法。"
    ),
    "{} has no line {} among its first {}.": "{0} 的前 {2} 行中没有第 {1} 行。",
    "Leave out fewer lines at the top.": "请在顶部略去更少的行。",
    "No line of {} holds a JSON object.": "{} 中没有任何一行是 JSON 对象。",
    'Write {"column": value} per line.': '请每行写一个 JSON 对象：{{"列名": 值}}。',
    "{} is one JSON array of {} bytes.": "{} 是一个 {} 字节的 JSON 数组。",
    "Write one object per line instead.": "请改为每行写一个对象。",
    "nested too deeply": "嵌套过深",
    "{} is not whole JSON: {}.": "{} 不是完整的 JSON：{}。",
    "Write it again.": "请重新保存。",
    "A line is longer than {} MiB.": "有一行超过 {} MiB。",
    "Reading {} took more than {} s and was stopped.": "读取 {} 超过 {} 秒，已停止。",
    "Split the file.": "请拆分文件。",
    "The parser of {} {}, so nothing was stored.": "{} 的解析程序{}，因此没有保存任何内容。",
    "was stopped by {}": "被 {} 中止",
    "ended with status {}": "以状态 {} 结束",
    "The file may be damaged, or need more than {} MiB to read.": "文件可能已损坏，或读取时需要超过 {} MiB 内存。",
    "The table cannot be kept: {}.": "无法保存该表：{}。",
    "Check the disk under {}.": "请检查 {} 所在的磁盘。",
    "The disk is full: storing {} needs about {} bytes, and {} are free.": (
        "磁盘已满：保存 {} 约需 {} 字节，只剩 {} 字节。"
    ),
    "{} cannot be read: {}.": "无法读取 {}：{}。",
    "Is it whole?": "文件完整吗？",
    "Sheet {} of {} has no rows.": "{1} 的工作表{0}没有数据行。",
    "It has sheets {}.": "它的工作表：{}。",
    "{} is a ZIP archive and no workbook.": "{} 是 ZIP 压缩包，不是工作簿。",
    "Unpack it first.": "请先解压。",
    "{} would expand to {} bytes in {} parts, one of them {}-fold: refused.": (
        "{} 解压后将达到 {} 字节（{} 个部分，其中一个膨胀 {} 倍），已拒绝。"
    ),
    "A workbook may expand to {} MiB and {}-fold; save large tables as CSV.": (
        "工作簿解压后最多 {} MiB、{} 倍；大表请保存为 CSV。"
    ),
    "XLSX is not read without defusedxml.": "缺少 defusedxml，无法读取 XLSX。",
    "Install the package defusedxml.": "请安装软件包 defusedxml。",
    "{} is not a whole XLSX file.": "{} 不是完整的 XLSX 文件。",
    "Save it again.": "请重新保存。",
    "{} holds XML that defines entities, which is refused.": "{} 中的 XML 定义了实体，已拒绝。",
    "Save it again with Excel.": "请用 Excel 重新保存。",
    "{} has no sheet {}.": "{} 没有工作表{}。",
    "It has {}.": "现有：{}。",
    "{} has no sheet of cells.": "{} 没有含单元格的工作表。",
    "Add one.": "请添加一个。",
    "{} has more than {} cells.": "{} 的单元格超过 {} 个。",
    "Save it as CSV.": "请保存为 CSV。",
    "{} has other columns than {}: {}.": "{} 与 {} 的列不同：{}。",
    "Import them as two datasets.": "请作为两个数据集导入。",
    "{} is empty.": "{} 是空文件。",
    "Choose a file with at least a header line.": "请选择至少有一行表头的文件。",
    "{} is {} data, which is not read.": "{} 是 {} 数据，无法读取。",
    "Save it as CSV, TSV, Parquet, JSON lines or XLSX.": "请保存为 CSV、TSV、Parquet、JSON 行或 XLSX。",
    "{} is not a text file: it holds zero bytes.": "{} 不是文本文件：其中含有零字节。",
    "Is it a CSV, Parquet, JSON lines or XLSX file? If it is UTF-16 text, choose that encoding.": (
        "它是 CSV、Parquet、JSON 行或 XLSX 文件吗？如果是 UTF-16 文本，请选择该编码。"
    ),
    "{} mixes encodings: of its lines beyond ASCII {} are UTF-8 and {} are not.": (
        "{} 混用了编码：在非 ASCII 的行中，{} 行是 UTF-8，{} 行不是。"
    ),
    "Choose encoding utf-8 to load the UTF-8 lines and reject the others, or repair the file.": (
        "选择 utf-8 编码可载入 UTF-8 的行并拒绝其他行，或请先修复文件。"
    ),
    "There is no text encoding called {}.": "没有名为{}的文本编码。",
    "Use utf-8, gbk, gb18030, utf-16, latin-1, or another that Python names.": (
        "请使用 utf-8、gbk、gb18030、utf-16、latin-1，或 Python 支持的其他编码。"
    ),
    "It may be one of {}. ": "可能是：{}。",
    "{}Choose the encoding and look at the preview.": "{}请选择编码并查看预览。",
    # rejected lines
    "a quote is opened and not closed": "引号没有闭合",
    "text follows a closing quote": "闭合引号之后还有文字",
    "column {}: ": "列{}：",
    "{} fields instead of {}": "有 {} 个字段，应为 {} 个",
    "{} is not {}": "{}不是{}",
    "the header once more": "重复的表头",
    "not JSON": "不是 JSON",
    "JSON, but a {} and no object": "是 JSON（{}），但不是对象",
    "JSON, but nested more than {} levels deep": "是 JSON，但嵌套超过 {} 层",
    "a text with half of a character (an unpaired surrogate)": "文本中有半个字符（不成对的代理项）",
    "bytes that are not in the file's encoding": "含有不符合文件编码的字节",
    # SQL
    "Datasets {} differ only in case, which SQL cannot tell apart.": "数据集{}仅大小写不同，SQL 无法区分。",
    "Name one.": "请明确写出其中一个。",
    "The SQL has {} characters, more than {}.": "SQL 有 {} 个字符，超过上限 {}。",
    "Make it shorter.": "请缩短。",
    "The SQL cannot be read: {}": "无法读懂这条 SQL：{}",
    "Check it near that place.": "请检查该位置附近。",
    "{} statements": "{} 条语句",
    "Only one SELECT is answered here, not {}.": "此处只执行一条 SELECT，而不是{}。",
    "Write SELECT ... FROM a dataset.": "请写 SELECT … FROM 数据集。",
    "The query took longer than {} s and was stopped.": "查询超过 {} 秒，已停止。",
    "Ask for less.": "请减少查询的内容。",
    "The query needs more than {} of memory.": "查询需要的内存超过 {}。",
    "Aggregate or select less, or set TANDEM_SQL_MEMORY_MB.": "请先汇总，或少选一些，或调整 TANDEM_SQL_MEMORY_MB。",
    "The query needs more than {} MiB on disk.": "查询需要的磁盘空间超过 {} MiB。",
    "Ask for less, or set TANDEM_SQL_DISK_MB.": "请减少查询的内容，或调整 TANDEM_SQL_DISK_MB。",
    "The query was stopped.": "查询已停止。",
    "Ask it again.": "请重新查询。",
    "The query ended its process (status {}).": "查询使其进程异常结束（状态 {}）。",
    "Ask it in another way.": "请换一种写法。",
    "Datasets are {}; quote names that are not plain words.": "现有数据集：{}；含特殊字符的名称请加双引号。",
    "Did you mean one of {}?": "您想写的是不是：{}？",
    "Only reading the datasets by name is possible here.": "此处只能按名称读取数据集。",
    "{} (line {}, character {}).": "{}（第 {} 行第 {} 个字符）。",
}
