"""The words of the data screen: files, datasets, and what was noticed about them."""

TEXTS: dict[str, tuple[str, str]] = {
    "data.empty": (
        "There are no datasets yet. Load a sample, or add a file of your own.",
        "还没有数据集。载入一个示例，或添加自己的文件。",
    ),
    "data.samples": ("Samples that come with Tandem", "自带示例"),
    "data.load_sample": ("Load the sample", "载入示例"),
    "data.loading": ("Reading the file…", "正在读取文件…"),
    "data.add": ("Add files", "添加文件"),
    "data.files": (
        "CSV, TSV, text, Parquet, Arrow, JSON lines or XLSX; several at once",
        "CSV、TSV、文本、Parquet、Arrow、JSON 行或 XLSX，可一次选择多个",
    ),
    "data.too_many": ("Only the first {count} files are shown.", "只显示前 {count} 个文件。"),
    "data.name": ("Name of the dataset", "数据集名称"),
    "data.becomes": ("{name} exists: this becomes version {version}.", "{name} 已存在：将成为第 {version} 版。"),
    "data.same_name": ("Give each file a name of its own.", "请为每个文件取不同的名称。"),
    "data.import": ("Import", "导入"),
    "data.import_all": ("Import {count} files", "导入 {count} 个文件"),
    "data.together": (
        "The {count} files have the same columns: import them as one table, {name}",
        "这 {count} 个文件的列相同：合并导入为一个表 {name}",
    ),
    "data.imported": (
        "{name}, version {version}: {rows} rows loaded, {rejected} rejected.",
        "{name} 第 {version} 版：载入 {rows} 行，拒绝 {rejected} 行。",
    ),
    "data.see_rejects": ("See the rejected lines", "查看被拒绝的行"),
    "data.explore": ("Explore", "探索"),
    "data.dataset": ("Dataset", "数据集"),
    "data.version": ("Version", "版本"),
    "data.version_label": ("Version {version} · {rows} rows · {at}", "第 {version} 版 · {rows} 行 · {at}"),
    "data.head": (
        "{rows} rows, {columns} columns, {size} · version {version}, added {at} by {actor} from {source}",
        "{rows} 行，{columns} 列，{size} · 第 {version} 版，由 {actor} 于 {at} 从 {source} 导入",
    ),
    "data.rejected_some": (
        "{loaded} rows loaded, {count} lines rejected: see the rejected lines for the reasons.",
        "载入 {loaded} 行，拒绝 {count} 行：原因见“被拒绝的行”。",
    ),
    "data.rows": ("Rows", "行数"),
    "data.rejected": ("Rejected", "拒绝"),
    "data.columns": ("Columns", "列数"),
    "data.created": ("Added", "添加时间"),
    "data.actor": ("By", "操作者"),
    "data.content_hash": ("Content hash", "内容哈希"),
    "data.source": ("Source", "来源"),
    "data.size": ("Size", "大小"),
    "data.view": ("View", "视图"),
    "data.some_columns": ("{shown} of {total} columns", "{total} 列中的 {shown} 列"),
    "data.no_rows": ("The table has columns but no rows.", "该表有列，但没有数据行。"),
    "data.noticed": ("Noticed on reading", "读取时的发现"),
    "data.one_version": (
        "There is one version. Import a file under the same name for the next.",
        "目前只有一个版本。以相同名称导入文件即可产生下一版。",
    ),
    "data.differences": ("What changed", "有何变化"),
    "data.against": ("Compared with", "对比版本"),
    "data.compare_values": ("Compare the values too", "同时比较数值"),
    "data.what": ("Change", "变化"),
    "data.before": ("Type before", "原类型"),
    "data.after": ("Type now", "现类型"),
    "data.is_new": ("new", "新增"),
    "data.is_gone": ("gone", "移除"),
    "data.is_changed": ("another type", "类型改变"),
    "data.same_columns": ("The columns are the same.", "列完全相同。"),
    "data.moved": ("The columns are the same, in another order.", "列相同，但顺序不同。"),
    "data.column": ("Column", "列"),
    "data.type": ("Type", "类型"),
    "data.no_rejects": ("No line was rejected.", "没有行被拒绝。"),
    "data.reject_line": ("Line", "行号"),
    "data.reject_column": ("Column", "列"),
    "data.reject_reason": ("Reason", "原因"),
    "data.reject_raw": ("As it stands in the file", "文件中的原文"),
    "data.unused": ("No run has read this dataset yet.", "还没有运行读取过此数据集。"),
    "view.preview": ("Rows", "数据行"),
    "view.columns": ("Columns", "列"),
    "view.versions": ("Versions", "版本"),
    "view.rejects": ("Rejected lines", "被拒绝的行"),
    "view.usage": ("Used by", "使用情况"),
    "used.pipeline": ("Pipeline", "流水线"),
    "used.run": ("Run", "运行"),
    "used.version": ("Version read", "读取的版本"),
    "used.status": ("Status", "状态"),
    "used.created": ("Started", "开始时间"),
    "used.models": ("Models", "模型"),
    "sample.churn": ("Customers", "客户流失"),
    "sample.churn_about": (
        "3,000 customers of a provider; predict who leaves.",
        "某运营商的 3,000 名客户；预测谁会流失。",
    ),
    "sample.traffic": ("Mobile network", "移动网络"),
    "sample.traffic_about": (
        "20 cells, hour by hour over two weeks; predict faults.",
        "20 个小区两周的逐小时数据；预测故障。",
    ),
    "sample.tumours": ("Tumours", "肿瘤诊断"),
    "sample.tumours_about": (
        "398 biopsies measured under the microscope; tell malignant from benign.",
        "398 例活检的显微测量；区分恶性与良性。",
    ),
    "exports.title": ("Files that runs wrote ({count})", "运行写出的文件（{count}）"),
    "exports.about": ("{size}, written {written}", "{size}，写于 {written}"),
    "exports.remove": ("Delete", "删除"),
    "files.download": ("Download", "下载"),
    "files.formulas": ("Leave text as it is", "保留原文"),
    "files.formulas_help": (
        "Otherwise text that begins with =, +, - or @ gets a quote before it in CSV and XLSX, so that a spreadsheet "
        "does not run it as a formula.",
        "否则在 CSV 和 XLSX 中，以 =、+、- 或 @ 开头的文本前会加单引号，以免电子表格将其作为公式执行。",
    ),
    "files.prepare": ("Prepare {kind}", "生成 {kind}"),
    "files.writing": ("Writing the {kind} file…", "正在写入 {kind} 文件…"),
    "files.lies": (
        "The file is too large for a browser. It lies at {path} for a day.",
        "文件过大，浏览器无法下载。它在 {path} 保留一天。",
    ),
    "reading.looking": ("Looking at the file…", "正在查看文件…"),
    "reading.encoding": ("Encoding", "编码"),
    "reading.choose": ("Choose one", "请选择"),
    "reading.delimiter": ("Delimiter", "分隔符"),
    "reading.quote": ("Quote", "引号"),
    "reading.header": ("First row holds the names", "第一行是列名"),
    "reading.sheet": ("Sheet", "工作表"),
    "reading.more": ("Numbers, dates and gaps", "数字、日期与空值"),
    "reading.decimal": ("Decimal mark", "小数点"),
    "reading.thousands": ("Mark between thousands", "千位分隔符"),
    "reading.dates": ("03/04/2024 is", "03/04/2024 表示"),
    "reading.dates_told": ("told by the other dates", "由其他日期判断"),
    "reading.dates_day": ("the 3rd of April", "4 月 3 日"),
    "reading.dates_month": ("the 4th of March", "3 月 4 日"),
    "reading.gaps": ("Words that mean missing", "表示缺失的词"),
    "reading.gaps_help": (
        "Separated by commas; in columns of numbers and dates only. An empty field is always missing.",
        "用逗号分隔；仅用于数值列和日期列。空字段始终视为缺失。",
    ),
    "reading.columns": ("{count} columns and their types", "{count} 列及其类型"),
    "reading.column": ("Column", "列"),
    "reading.type": ("Found", "识别为"),
    "reading.examples": ("Examples", "示例"),
    "reading.read_as": ("Read as", "读取为"),
    "reading.read_as_help": (
        "Empty: as found. Choose text for numbers that are names, such as article numbers.",
        "留空则按识别结果。对作为名称的数字（如货号）请选择文本。",
    ),
    "reading.whole": ("{rows} rows, {columns} columns: the whole file", "{rows} 行，{columns} 列：整个文件"),
    "reading.beginning": (
        "First {rows} rows, {columns} columns; the import reads the whole file",
        "前 {rows} 行，{columns} 列；导入时会读取整个文件",
    ),
    "reading.rejected": ("{count} lines would be rejected", "{count} 行将被拒绝"),
    "reading.some_rejects": ("Lines that would be rejected", "将被拒绝的行"),
    "reading.reject": ("Line {line}: {reason}", "第 {line} 行：{reason}"),
    "reading.one_column": ("Only one column was found. Is the delimiter right?", "只发现了一列。分隔符对吗？"),
    "reading.lines": ("The file as it stands", "文件原文"),
    "reading.tab": ("Tab", "制表符"),
    "reading.space": ("Space", "空格"),
    "reading.none": ("None", "无"),
    "type.string": ("text", "文本"),
    "type.int8": ("whole number", "整数"),
    "type.int16": ("whole number", "整数"),
    "type.int32": ("whole number", "整数"),
    "type.int64": ("whole number", "整数"),
    "type.uint8": ("whole number", "整数"),
    "type.uint16": ("whole number", "整数"),
    "type.uint32": ("whole number", "整数"),
    "type.uint64": ("whole number", "整数"),
    "type.float32": ("number", "数值"),
    "type.float64": ("number", "数值"),
    "type.boolean": ("yes or no", "是或否"),
    "type.date": ("date", "日期"),
    "type.datetime": ("date and time", "日期时间"),
    "type.duration": ("duration", "时长"),
    "type.time": ("time of day", "时刻"),
    "type.binary": ("bytes", "字节"),
    "type.null": ("nothing", "空"),
    "type.unknown": ("other", "其他"),
    "finding.fix": ("Mend it with {step}", "可用 {step} 处理"),
    "finding.mend": ("Mend these in Features", "到“特征”页处理"),
    "finding.more": ("{count} more", "另有 {count} 条"),
    "say.finding_no_rows": ("The table has no rows.", "该表没有数据行。"),
    "say.finding_one_column_table": ("The table has only one column.", "该表只有一列。"),
    "say.finding_one_column_sheet": ("The sheet has only one column.", "工作表只有一列。"),
    "say.finding_one_column": (
        "Only one column was found with delimiter {delimiter}: choose another if it has more.",
        "以 {delimiter} 为分隔符只发现一列：如不对请另选。",
    ),
    "say.finding_duplicate_rows": (
        "{count} rows ({share} %) repeat an earlier row.",
        "{count} 行（{share} %）与前面的行重复。",
    ),
    "say.finding_all_missing": ("Column {column} has no value at all.", "列 {column} 没有任何值。"),
    "say.finding_mostly_missing": ("{share} % of column {column} is missing.", "列 {column} 缺失 {share} %。"),
    "say.finding_some_missing": (
        "{count} values ({share} %) of column {column} are missing.",
        "列 {column} 缺失 {count} 个值（{share} %）。",
    ),
    "say.finding_constant": ("Column {column} is always {value}.", "列 {column} 始终为 {value}。"),
    "say.finding_id_like": (
        "Column {column} has another value in every row: it names rows rather than describes them.",
        "列 {column} 每行的值都不同：它标识行，而不是描述行。",
    ),
    "say.finding_high_cardinality": (
        "Column {column} has {count} different texts in {rows} rows.",
        "列 {column} 的 {rows} 行中有 {count} 种不同文本。",
    ),
    "say.finding_mixed_types": (
        "Column {column} holds numbers in about {share} % of its values, and other text in the rest.",
        "列 {column} 约 {share} % 的值是数字，其余是其他文本。",
    ),
    "say.finding_skewed": (
        "Column {column} is skewed ({skewness}): a few values are far from the others.",
        "列 {column} 分布偏斜（{skewness}）：少数值远离其他值。",
    ),
    "say.finding_outliers": (
        "Column {column} has {count} values ({share} %) further from its quartiles than three times their distance.",
        "列 {column} 有 {count} 个值（{share} %）偏离四分位数超过三倍四分位距。",
    ),
    "say.finding_imbalanced": ("{share} % of column {column} is {value}.", "列 {column} 有 {share} % 是 {value}。"),
    "say.finding_leak": (
        "Columns {other} and {column} say the same ({value}): if one is to be predicted, the other gives it away.",
        "列 {other} 与 {column} 含义相同（{value}）：若预测其一，另一个会泄露答案。",
    ),
    "say.finding_renamed_column": (
        "The column called {name} at position {position} is stored as {stored}.",
        "第 {position} 列（{name}）存为 {stored}。",
    ),
    "say.finding_lines_above": (
        "The first {count} lines stand above the table and were left out.",
        "表格上方的前 {count} 行已略去。",
    ),
    "say.finding_no_header": (
        "The first row reads as values, so the columns were given names.",
        "第一行看起来是数据，因此列名由系统给出。",
    ),
    "say.finding_narrow_header": (
        "The header names {names} columns but most rows have {width} fields: the others were given names.",
        "表头有 {names} 列，但多数行有 {width} 个字段：其余列名由系统给出。",
    ),
    "say.finding_same_but_case": (
        "Columns {names} differ only in case, which SQL cannot tell apart.",
        "列 {names} 仅大小写不同，SQL 无法区分。",
    ),
    "say.finding_guessed_encoding": (
        "Read as {encoding}, which is a guess: for example {example}.",
        "按 {encoding} 读取，这是推测，例如 {example}。",
    ),
    "say.finding_first_sheet": (
        "The workbook has {count} sheets: the first, {sheet}, was read.",
        "工作簿有 {count} 个工作表：读取了第一个（{sheet}）。",
    ),
    "say.finding_totals_row": (
        "The last row (line {line}, {example}) seems to sum up the others: leave it out if it is no record.",
        "最后一行（第 {line} 行，{example}）似乎是合计：如果不是记录，请略去。",
    ),
    "say.finding_repeated_header": (
        "{count} lines repeat the header and are rejected.",
        "{count} 行重复了表头，已拒绝。",
    ),
    "say.finding_header_only": (
        "The file holds the names of columns and no rows.",
        "文件只有列名，没有数据行。",
    ),
    "say.finding_cell_errors": (
        "{count} cells of column {column} hold an error such as {example}: they are missing.",
        "列 {column} 有 {count} 个单元格是错误值（如 {example}）：视为缺失。",
    ),
    "say.finding_text_numbers": (
        "Column {column} is text, as its cells are, though they read as numbers ({example}). Choose a type of number "
        "to calculate with them.",
        "列 {column} 的单元格是文本，因此读取为文本，但看起来是数字（{example}）。若要计算，请选择数值类型。",
    ),
    "say.finding_text_dates": (
        "Column {column} is text, as its cells are, though they read as dates ({example}).",
        "列 {column} 的单元格是文本，因此读取为文本，但看起来是日期（{example}）。",
    ),
    "say.finding_sheet_digits": (
        "Column {column} has numbers of more than 15 digits ({example}), which Excel rounds.",
        "列 {column} 有超过 15 位的数字（{example}），Excel 会对其舍入。",
    ),
    "say.finding_hidden_sheets": (
        "{count} sheets of the workbook are hidden: {names}.",
        "工作簿有 {count} 个隐藏的工作表：{names}。",
    ),
    "say.finding_formulas_unsaved": (
        "{count} formulas have no saved value and are missing: open and save the file in Excel.",
        "{count} 个公式没有保存的值，视为缺失：请用 Excel 打开并保存该文件。",
    ),
    "say.finding_merged_cells": (
        "{count} merged areas ({areas}): only the first cell of each has its value.",
        "{count} 个合并区域（{areas}）：每个区域只有第一个单元格有值。",
    ),
    "say.finding_merged_above": (
        "{count} merged areas ({areas}) stand above the table.",
        "表格上方有 {count} 个合并区域（{areas}）。",
    ),
    "say.finding_hidden_rows": (
        "{count} rows of the sheet are hidden ({places}) and were read like the others.",
        "工作表有 {count} 个隐藏行（{places}），与其他行一样读取。",
    ),
    "say.finding_hidden_columns": (
        "{count} columns of the sheet are hidden ({places}) and were read like the others.",
        "工作表有 {count} 个隐藏列（{places}），与其他列一样读取。",
    ),
    "say.finding_shown_as_percent": (
        "Column {column} is shown as percentages and stored as shares: 12.5 % is 0.125.",
        "列 {column} 显示为百分数，存为比例：12.5 % 即 0.125。",
    ),
    "say.finding_formulas": (
        "The workbook holds formulas: their values are as they were last saved, and were not computed.",
        "工作簿含有公式：取上次保存的值，没有重新计算。",
    ),
    "say.finding_converted_type": (
        "Column {column} of type {type} is stored as {told}.",
        "列 {column} 的类型 {type} 存为 {told}。",
    ),
    "say.finding_utc": (
        "The times of column {column} have a zone: they are stored in UTC.",
        "列 {column} 的时间带时区：以 UTC 存储。",
    ),
    "say.finding_leading_zeros": (
        "Column {column} is kept as text: values such as {example} would lose their leading zeros.",
        "列 {column} 保留为文本：{example} 这样的值会丢失前导零。",
    ),
    "say.finding_long_numbers": (
        "Column {column} is kept as text: {example} cannot be held exactly as a number.",
        "列 {column} 保留为文本：{example} 无法作为数值精确保存。",
    ),
    "say.finding_rounded": (
        "Numbers of column {column} such as {example} have more digits than fit, and are rounded.",
        "列 {column} 的数值（如 {example}）位数超出可保存的范围，已舍入。",
    ),
    "say.finding_quoted_numbers": (
        "Column {column} is kept as text: its numbers stand in quotes.",
        "列 {column} 保留为文本：其数字写在引号中。",
    ),
    "say.finding_quoted_booleans": (
        "Column {column} is kept as text: its true and false stand in quotes.",
        "列 {column} 保留为文本：其 true 和 false 写在引号中。",
    ),
    "say.finding_mixed_text": (
        "Column {column} holds values of several kinds ({numbers} numbers, {texts} texts, {booleans} true or false,"
        " {nested} objects or lists): it is kept as text.",
        "列 {column} 含多种值（数值 {numbers} 个、文本 {texts} 个、true 或 false {booleans} 个、"
        "对象或列表 {nested} 个）：保留为文本。",
    ),
    "say.finding_mixed_typed": (
        "Column {column} holds values of several kinds ({numbers} numbers, {texts} texts, {booleans} true or false,"
        " {nested} objects or lists): it has the type of most of them.",
        "列 {column} 含多种值（数值 {numbers} 个、文本 {texts} 个、true 或 false {booleans} 个、"
        "对象或列表 {nested} 个）：按其中多数的类型读取。",
    ),
    "say.finding_nested_gaps": (
        "Objects or lists of column {column} hold NaN or an infinity, stored as null: {count}.",
        "列 {column} 有 {count} 个对象或列表含 NaN 或无穷大，存为 null。",
    ),
    "say.finding_zero_characters": (
        "Texts of column {column} hold NUL characters, which many programs refuse: {count}.",
        "列 {column} 有 {count} 个文本含空字符（NUL），许多程序不接受。",
    ),
    "say.finding_cut_times": (
        "{count} values of column {column} are finer than microseconds, and are cut.",
        "列 {column} 有 {count} 个值的精度高于微秒，已截断。",
    ),
    "say.finding_far_times": (
        "{count} values of column {column} are outside of the years 1 to 9999, and are stored as missing.",
        "列 {column} 有 {count} 个值超出公元 1 至 9999 年的范围，存为缺失。",
    ),
    "say.finding_repeated_names": (
        "Names stand twice in an object, such as {example} ({count} objects): the last value is taken.",
        "有 {count} 个对象中同一名称（如 {example}）出现两次：取最后一个值。",
    ),
    "say.finding_ambiguous_dates": (
        "Column {column} is kept as text: {example} may be day-first or month-first.",
        "列 {column} 保留为文本：{example} 可能是日在前，也可能是月在前。",
    ),
    "say.finding_mixed_dates": (
        "Column {column} is kept as text: some of its dates are day-first and others month-first.",
        "列 {column} 保留为文本：部分日期日在前，部分月在前。",
    ),
    "say.finding_day_first": (
        "Dates of column {column} such as {example} are read as day-first.",
        "列 {column} 的日期（如 {example}）按日在前读取。",
    ),
    "say.finding_month_first": (
        "Dates of column {column} such as {example} are read as month-first.",
        "列 {column} 的日期（如 {example}）按月在前读取。",
    ),
    "say.finding_year_first": (
        "Dates of column {column} such as {example} are read as year-first.",
        "列 {column} 的日期（如 {example}）按年在前读取。",
    ),
    "say.finding_not_day_first": (
        "{count} values of column {column} are no dates with the day first: they are rejected.",
        "列 {column} 有 {count} 个值不是日在前的日期：已拒绝。",
    ),
    "say.finding_not_month_first": (
        "{count} values of column {column} are no dates with the month first: they are rejected.",
        "列 {column} 有 {count} 个值不是月在前的日期：已拒绝。",
    ),
    "say.finding_two_digit_years": (
        "Years of two digits in column {column}, such as in {example}, are read as 1970 to 2069.",
        "列 {column} 的两位数年份（如 {example}）按 1970 至 2069 年读取。",
    ),
    "say.finding_named_months": (
        "Dates of column {column} such as {example} are read by the English name of the month.",
        "列 {column} 的日期（如 {example}）按英文月份名读取。",
    ),
    "say.finding_half_days": (
        "Times of column {column} such as {example} are read as hours from 0 to 23.",
        "列 {column} 的时间（如 {example}）按 0 至 23 时读取。",
    ),
    "say.finding_several_forms": (
        "Column {column} is kept as text: its dates are written in several ways ({examples}). Read it as dates to "
        "convert them.",
        "列 {column} 保留为文本：日期写法不一（{examples}）。将其读取为日期即可转换。",
    ),
    "say.finding_clock": (
        "Column {column} is kept as text: its values may be times of day or durations ({example}).",
        "列 {column} 保留为文本：其值可能是时刻，也可能是时长（{example}）。",
    ),
    "say.finding_span": (
        "Column {column} is kept as text: its values are durations ({example}).",
        "列 {column} 保留为文本：其值为时长（{example}）。",
    ),
    "say.finding_currency": (
        "Column {column} is kept as text: its values have the sign of a currency ({example}).",
        "列 {column} 保留为文本：其值带货币符号（{example}）。",
    ),
    "say.finding_number_marks": (
        "Column {column} is kept as text: its numbers are written like {like} ({example}). Say so to read them.",
        "列 {column} 保留为文本：其数字写法如 {like}（{example}）。请指明该写法以读取。",
    ),
    "say.finding_finer_than_microseconds": (
        "Column {column} is kept as text: its times are finer than microseconds.",
        "列 {column} 保留为文本：其时间精度高于微秒。",
    ),
    "say.finding_missing_words": (
        "{count} values of column {column} such as {example} are stored as missing.",
        "列 {column} 有 {count} 个值（如 {example}）存为缺失。",
    ),
    "say.finding_words_kept": (
        "{example} in column {column} is kept as text, not read as missing.",
        "列 {column} 中的 {example} 保留为文本，不视为缺失。",
    ),
    "say.finding_percent": (
        "Column {column} is kept as text: its values are percentages ({example}).",
        "列 {column} 保留为文本：其值为百分数（{example}）。",
    ),
    "say.finding_thousands": (
        "Column {column} is kept as text: its numbers have marks between thousands ({example}).",
        "列 {column} 保留为文本：其数字含千位分隔符（{example}）。",
    ),
    "say.finding_comma": (
        "Column {column} is kept as text: its numbers have a decimal comma ({example}).",
        "列 {column} 保留为文本：其数字使用逗号作小数点（{example}）。",
    ),
    "say.finding_code": (
        "Column {column} is kept as text: values such as {example} read as codes rather than as numbers.",
        "列 {column} 保留为文本：{example} 这样的值更像代码而不是数字。",
    ),
}
