"""What was noticed about a file or a dataset, in words."""

TEXTS: dict[str, tuple[str, str]] = {
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
        "{count} {count:row|rows} ({share} %) {count:repeats|repeat} an earlier row.",
        "{count} 行（{share} %）与前面的行重复。",
    ),
    "say.finding_all_missing": ("Column {column} has no value at all.", "列 {column} 没有任何值。"),
    "say.finding_mostly_missing": ("{share} % of column {column} is missing.", "列 {column} 缺失 {share} %。"),
    "say.finding_some_missing": (
        "{count} {count:value|values} ({share} %) of column {column} {count:is|are} missing.",
        "列 {column} 缺失 {count} 个值（{share} %）。",
    ),
    "say.finding_constant": ("Column {column} is always {value}.", "列 {column} 始终为 {value}。"),
    "say.finding_id_like": (
        "Column {column} has another value in every row: it names rows rather than describes them.",
        "列 {column} 每行的值都不同：它标识行，而不是描述行。",
    ),
    "say.finding_high_cardinality": (
        "Column {column} has {count} different {count:text|texts} in {rows} {rows:row|rows}.",
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
        "Column {column} has {count} {count:value|values} ({share} %) further from its quartiles than three "
        "times their distance.",
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
        "The {count:first line stands|first {count} lines stand} above the table and {count:was|were} left out.",
        "表格上方的前 {count} 行已略去。",
    ),
    "say.finding_no_header": (
        "The first row reads as values, so the columns were given names.",
        "第一行看起来是数据，因此列名由系统给出。",
    ),
    "say.finding_narrow_header": (
        "The header names {names} {names:column|columns} but most rows have {width} {width:field|fields}: the "
        "others were given names.",
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
        "The workbook has {count} {count:sheet|sheets}: the first, {sheet}, was read.",
        "工作簿有 {count} 个工作表：读取了第一个（{sheet}）。",
    ),
    "say.finding_totals_row": (
        "The last row (line {line}, {example}) seems to sum up the others: leave it out if it is no record.",
        "最后一行（第 {line} 行，{example}）似乎是合计：如果不是记录，请略去。",
    ),
    "say.finding_repeated_header": (
        "{count} {count:line repeats|lines repeat} the header and {count:is|are} rejected.",
        "{count} 行重复了表头，已拒绝。",
    ),
    "say.finding_header_only": (
        "The file holds the names of columns and no rows.",
        "文件只有列名，没有数据行。",
    ),
    "say.finding_cell_errors": (
        "{count} {count:cell|cells} of column {column} {count:holds|hold} an error such as {example}: "
        "{count:it is|they are} missing.",
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
        "{count} {count:sheet|sheets} of the workbook {count:is|are} hidden: {names}.",
        "工作簿有 {count} 个隐藏的工作表：{names}。",
    ),
    "say.finding_formulas_unsaved": (
        "{count} {count:formula has|formulas have} no saved value and {count:is|are} missing: open and save "
        "the file in Excel.",
        "{count} 个公式没有保存的值，视为缺失：请用 Excel 打开并保存该文件。",
    ),
    "say.finding_merged_cells": (
        "{count} merged {count:area|areas} ({areas}): only the first cell of each has its value.",
        "{count} 个合并区域（{areas}）：每个区域只有第一个单元格有值。",
    ),
    "say.finding_merged_above": (
        "{count} merged {count:area|areas} ({areas}) {count:stands|stand} above the table.",
        "表格上方有 {count} 个合并区域（{areas}）。",
    ),
    "say.finding_hidden_rows": (
        "{count} {count:row|rows} of the sheet {count:is|are} hidden ({places}) and {count:was|were} read "
        "like the others.",
        "工作表有 {count} 个隐藏行（{places}），与其他行一样读取。",
    ),
    "say.finding_hidden_columns": (
        "{count} {count:column|columns} of the sheet {count:is|are} hidden ({places}) and {count:was|were} "
        "read like the others.",
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
        "Column {column} holds values of several kinds ({numbers} {numbers:number|numbers}, {texts} "
        "{texts:text|texts}, {booleans} true or false,"
        " {nested} objects or lists): it is kept as text.",
        "列 {column} 含多种值（数值 {numbers} 个、文本 {texts} 个、true 或 false {booleans} 个、"
        "对象或列表 {nested} 个）：保留为文本。",
    ),
    "say.finding_mixed_typed": (
        "Column {column} holds values of several kinds ({numbers} {numbers:number|numbers}, {texts} "
        "{texts:text|texts}, {booleans} true or false,"
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
    "say.finding_stored_text_dates": (
        "Column {column} is text in the file, and stays so: its values look like dates or times.",
        "列 {column} 在文件中是文本，保持不变：其值像日期或时间。",
    ),
    "say.finding_stored_text_booleans": (
        "Column {column} is text in the file, and stays so: its values look like true and false.",
        "列 {column} 在文件中是文本，保持不变：其值像 true 和 false。",
    ),
    "say.finding_cut_times": (
        "{count} {count:value|values} of column {column} {count:is|are} finer than microseconds, and "
        "{count:is|are} cut.",
        "列 {column} 有 {count} 个值的精度高于微秒，已截断。",
    ),
    "say.finding_far_times": (
        "{count} {count:value|values} of column {column} {count:is|are} outside of the years 1 to 9999, and "
        "{count:is|are} stored as missing.",
        "列 {column} 有 {count} 个值超出公元 1 至 9999 年的范围，存为缺失。",
    ),
    "say.finding_repeated_names": (
        "Names stand twice in an object, such as {example} ({count} {count:object|objects}): the last value is taken.",
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
        "{count} {count:value|values} of column {column} {count:is no date|are no dates} with the day first: "
        "{count:it is|they are} rejected.",
        "列 {column} 有 {count} 个值不是日在前的日期：已拒绝。",
    ),
    "say.finding_not_month_first": (
        "{count} {count:value|values} of column {column} {count:is no date|are no dates} with the month "
        "first: {count:it is|they are} rejected.",
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
        "{count} {count:value|values} of column {column} such as {example} {count:is|are} stored as missing.",
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
