"""What operators say about tables, columns, parameters, learners, SQL and scripts."""

SENTENCES: dict[str, str] = {
    # columns and tables
    "No column {}.": "没有列{}。",
    "Did you mean one of {}?": "您想写的是不是：{}？",
    "The table has no columns.": "该表没有列。",
    "Two columns are called {}.": "有两列都叫{}。",
    "The columns {} and {} differ in case only, which SQL cannot tell apart.": "列{}和{}只有大小写不同，SQL 无法区分。",
    "Rename one of them first; on the engine polars every other step knows them apart.": (
        "请先重命名其中一列；使用 polars 引擎时，其他步骤都能区分它们。"
    ),
    "Give each column a name of its own.": "请为每一列取不同的名称。",
    "Two columns would be called {}.": "会有两列都叫{}。",
    "Column {} is {}, and {} needs {}.": "列{}的类型是{}，而 {} 需要{}。",
    "Choose another column or method, or cast the column first.": "请选择其他列或方法，或先转换该列的类型。",
    "No column would be left.": "不会留下任何列。",
    "There is a column {} already.": "已有名为{}的列。",
    "Rename it first.": "请先重命名。",
    "Rename one first.": "请先重命名其中一列。",
    "Take it out of `columns`.": "请从“列”中去掉它。",
    "The target {} is among the columns.": "目标列{}也在所选的列中。",
    "No dataset {}.": "没有数据集{}。",
    "No table can be read from {}.": "无法从 {} 读取表。",
    # what operators lose
    "{lost} of {of} values of {column} could not be read as a number and are missing now.": (
        "{1} 个值中有 {0} 个（列{2}）无法读作数值，现为缺失。"
    ),
    "{lost} of {of} values of {column} could not be read as a whole number and are missing now.": (
        "{1} 个值中有 {0} 个（列{2}）无法读作整数，现为缺失。"
    ),
    "{lost} of {of} values of {column} could not be read as true or false and are missing now.": (
        "{1} 个值中有 {0} 个（列{2}）无法读作真或假，现为缺失。"
    ),
    "{lost} of {of} values of {column} could not be read as a date and are missing now.": (
        "{1} 个值中有 {0} 个（列{2}）无法读作日期，现为缺失。"
    ),
    "{lost} of {of} values of {column} could not be read as a moment and are missing now.": (
        "{1} 个值中有 {0} 个（列{2}）无法读作时刻，现为缺失。"
    ),
    "{lost} of {of} values of {column} had a fraction and are whole numbers now.": (
        "{1} 个值中有 {0} 个（列{2}）带有小数，现为整数。"
    ),
    "{lost} of {of} values of {column} had a time of day, which was cut off.": (
        "{1} 个值中有 {0} 个（列{2}）带有时间，时间部分已被舍去。"
    ),
    "{lost} of {of} values of {column} could not be computed and are missing, as where a number is divided by zero.": (
        "{1} 个值中有 {0} 个（列{2}）无法计算，现为缺失，例如除以零。"
    ),
    "{lost} of {of} values of {column} have no category of their own.": (
        "{1} 个值中有 {0} 个（列{2}）没有自己的类别。"
    ),
    "{lost} of {of} values of {column} were moved to a bound.": "{1} 个值中有 {0} 个（列{2}）被移到边界上。",
    "{lost} of {of} rows found no match, so the columns that they were to get are empty.": (
        "{1} 行中有 {0} 行没有匹配，因此要接入的列为空。"
    ),
    "{lost} of {of} rows have no value in {column}, as their table lacks it.": (
        "{1} 行中有 {0} 行在列{2}中没有值，因为它们的表没有该列。"
    ),
    "No row is left of {of}.": "{} 行中没有留下任何一行。",
    "{of} rows became {lost}: some keys match several rows.": "{} 行变成了 {} 行：有些键匹配多行。",
    # operators
    "Use an operator that works row by row.": "请使用逐行计算的算子。",
    "formula_column, filter_rows and join_tables do the like row by row.": (
        "“公式列”“筛选行”和“连接表”可以逐行完成类似的计算。"
    ),
    "formula_column does the like row by row.": "“公式列”可以逐行完成类似的计算。",
    "Store the groups as a dataset, and bring them in by join_tables with one right row per key.": (
        "请先把分组结果存为数据集，再用“连接表”（每键只取一行）接入。"
    ),
    "Use a left join with one right row per key (right_unique).": "请使用左连接，并设置“每键只取一行”。",
    "No operator {}.": "没有算子{}。",
    "Operator {} cannot be loaded: {}.": "算子{}无法加载：{}。",
    "Install what is missing or mend its file, then start Tandem again. Other operators work.": (
        "请安装缺少的依赖或修复其文件，然后重新启动 Tandem。其他算子可正常使用。"
    ),
    "Operator {} has no version {}.": "算子{}没有版本 {}。",
    "This workbench has version {}.": "此工作台中的版本是 {}。",
    "It may be {}.": "可以是：{}。",
    "See `tandem operators show NAME` for its parameters.": "参数说明见“算子”页面。",
    "is required": "必填",
    "is not a parameter here": "不是此处的参数",
    "there is no algorithm {name}; {advice}": "没有算法 {}；{}",
    "did you mean {}?": "您想写的是不是{}？",
    "choose one of {}": "可选：{}",
    "{} has no examples, so it cannot be checked.": "{} 没有示例，无法检查。",
    "{} cannot be applied to other rows.": "{} 不能应用到其他数据行。",
    "The state is no JSON: {}.": "拟合状态不是 JSON：{}。",
    "{} gives {}: {}": "{} 给出{}：{}",
    # fitted operators
    "Connect the state of a fitted operator.": "请连接一个已拟合算子的状态。",
    "{} does not learn, so it has no state.": "{} 不需要学习，因此没有拟合状态。",
    "Encode fewer columns.": "请减少要编码的列。",
    "Give a value of the column's type, or cast the column first.": "请给出与该列类型相同的值，或先转换该列的类型。",
    "Column {} is {}, and {} is not.": "列{}的类型是{}，而{}不是。",
    "{} rows with {} numeric columns have no principal components.": "{} 行、{} 个数值列无法计算主成分。",
    "Bring two rows and a numeric column at least.": "至少需要两行和一个数值列。",
    "None of the columns varies, so they have no principal components.": "所有列都没有变化，无法计算主成分。",
    "Choose columns that vary.": "请选择有变化的列。",
    "No column would be left: the best score is {}.": "不会留下任何列：最高得分为 {}。",
    "Lower the threshold, or choose another method.": "请降低阈值，或换一种方法。",
    "There is no column to choose.": "没有可供选择的列。",
    "Numbers, texts, booleans and moments can be judged.": "可以判断数值、文本、布尔和时间列。",
    "Keep more columns.": "请多保留一些列。",
    "The target {} has {} labels, and {} are the most.": "目标列{}有 {} 个类别，最多允许 {} 个。",
    "Group its rare labels first, or take it as a number.": "请先合并少见的类别，或把它当作数值。",
    # transforming
    "Column {} is {} and cannot become {}.": "列{}的类型是{}，不能转换为{}。",
    "Use formula_column, such as year(day) or date_diff('day', start, day).": (
        "请使用“公式列”，例如 year(day) 或 date_diff('day', start, day)。"
    ),
    "Cast one of them with cast_types.": "请用“转换类型”统一它们的类型。",
    "Column {} is {} in the table {} and {} in {}.": "列{0}在表{2}中是{1}，在{4}中是{3}。",
    "{} gives {}, not true or false.": "{}的结果是{}，而不是真或假。",
    "Compare it with something, as in age > 18.": "请把它与某个值比较，例如 age > 18。",
    "Column {} is {}, and {} needs a number.": "列{}的类型是{}，而 {} 需要数值。",
    "Use count, n_unique, min or max, or cast the column first.": (
        "请使用 count、n_unique、min 或 max，或先转换该列的类型。"
    ),
    "Give one a name.": "请为其中一列命名。",
    "Neither table has columns.": "两张表都没有列。",
    "Connect tables with columns.": "请连接有列的表。",
    "Key {} is {} on the left, {} on the right.": "键{}在左表中是{}，在右表中是{}。",
    "Choose another suffix.": "请换一个后缀。",
    "A column needs a name.": "列必须有名称。",
    "Write at least one character.": "请至少写一个字符。",
    "Choose another name.": "请换一个名称。",
    "Drop fewer columns.": "请少去掉一些列。",
    "The table {} has no column {}, which another table has.": "表{}没有列{}，而其他表有。",
    "{} Keep all columns, or only the shared ones, where tables differ.": (
        "{}各表的列不一致时，可保留所有列，或只保留共有的列。"
    ),
    "The tables share no column.": "这些表没有共有的列。",
    "Keep all columns instead.": "请改为保留所有列。",
    "Give the origin another name.": "请为来源列换一个名称。",
    "{} tables have {} labels.": "{} 张表却有 {} 个标签。",
    "Give each table a label, or none of them.": "请为每张表都写标签，或都不写。",
    # expressions and SQL
    "Formulas and filters know arithmetic, CASE, text and date functions; sql_transform knows all of SQL.": (
        "公式和筛选支持四则运算、CASE、文本和日期函数；“SQL 变换”支持全部 SQL。"
    ),
    "{} cannot be computed: {}.": "无法计算{}：{}。",
    "Cast one side, as in CAST(age AS DOUBLE), or compare like with like.": (
        "请转换一侧的类型，例如 CAST(age AS DOUBLE)，或比较相同类型的值。"
    ),
    "An expression cannot use {}.": "表达式中不能使用 {}。",
    "The expression is nested more than {} deep.": "表达式嵌套超过 {} 层。",
    "Split it over several columns.": "请拆成多个列。",
    "A CASE has more than {} WHENs.": "CASE 中的 WHEN 超过 {} 个。",
    "Join with a table of the cases.": "请改为与一张对照表连接。",
    "{} cannot be compared.": "{} 不能相互比较。",
    "Cast one side, as in CAST(age AS DOUBLE), or write a date as DATE '2026-11-23'.": (
        "请转换一侧的类型，例如 CAST(age AS DOUBLE)；日期请写成 DATE '2026-11-23'。"
    ),
    "{} would give {}.": "{} 的结果会是 {}。",
    "Cast some, so that all are of one type.": "请转换类型，使它们一致。",
    "{} is {}, not {}.": "{}是{}，而不是{}。",
    "Cast it, as in CAST(age AS DOUBLE).": "请转换类型，例如 CAST(age AS DOUBLE)。",
    "Use a function such as year(day) or date_diff('day', a, b).": (
        "请使用函数，例如 year(day) 或 date_diff('day', a, b)。"
    ),
    "{} cannot be cast to {}.": "{}不能转换为{}。",
    "string cannot be cast to boolean.": "文本不能转换为布尔值。",
    "Compare it, as in flag = 'yes'.": "请改用比较，例如 flag = 'yes'。",
    "{} takes {}, not {} arguments.": "{} 需要 {} 个参数，而不是 {} 个。",
    "Write {}.": "请写 {}。",
    "No function {} in expressions.": "表达式中没有函数{}。",
    "Did you mean one of {}? ": "您想写的是不是：{}？",
    "LIKE takes a text in quotes, not {}.": "LIKE 需要带引号的文本，而不是{}。",
    "A pattern, position or number of digits must be a constant.": "模式、位置和小数位数必须是常量。",
    "Write it out, as in round(x, 2); sql_transform takes any expression.": (
        "请直接写出，例如 round(x, 2)；“SQL 变换”可使用任意表达式。"
    ),
    "substr counts from 1.": "substr 从 1 开始计数。",
    "Write substr(x, 1, 3).": "请写 substr(x, 1, 3)。",
    "{} is not a text.": "{}不是文本。",
    "Write it in single quotes.": "请加上单引号。",
    "{} is not a whole number that fits here.": "{}不是此处可用的整数。",
    "Write it out, as in 2.": "请直接写出，例如 2。",
    "It may be one of {}.": "可选：{}。",
    "No {} {}.": "没有{}{}。",
    'Text stands in single quotes, a column with spaces in double quotes: "net price" > 3.': (
        '文本用单引号，含空格的列名用双引号，例如 "net price" > 3。'
    ),
    "{} is not a SQL expression{}: {}.": "{}不是 SQL 表达式{}：{}。",
    "The expression is empty.": "表达式为空。",
    "Write one, such as price * 2.": "请写一个表达式，例如 price * 2。",
    "The expression holds a character that is no text.": "表达式中含有非文本字符。",
    "Remove it.": "请去掉它。",
    " at character {}": "（第 {} 个字符处）",
    "{} is not one SQL expression.": "{}不是单个 SQL 表达式。",
    "Write no SELECT, FROM or WHERE.": "请不要写 SELECT、FROM 或 WHERE。",
    "{} is not a {}.": "{}不是 {}。",
    "Write TRUE or FALSE.": "请写 TRUE 或 FALSE。",
    "Write DATE '2026-11-23'.": "请写 DATE '2026-11-23'。",
    "The query is one SELECT in DuckDB's SQL; its tables are called table and other.": (
        "查询应是一条 DuckDB 的 SELECT；其中的表名为 table 和 other。"
    ),
    "The query is not one SELECT.": "查询不是单条 SELECT。",
    "The table {} has no columns.": "表{}没有列。",
    "Connect a table with columns.": "请连接有列的表。",
    "The query took longer than {} s.": "查询超过 {} 秒。",
    "Ask for less.": "请减少查询的内容。",
    "The query failed: {}": "查询失败：{}",
    "Name one with AS.": "请用 AS 为其中一列命名。",
    "The query has {} characters, more than {}.": "查询有 {} 个字符，超过上限 {}。",
    "Make it shorter.": "请缩短。",
    "The query needs more than {} of memory.": "查询需要的内存超过 {}。",
    "The query needs more than {}MB of memory.": "查询需要的内存超过 {}MB。",
    "Aggregate or select less, or set {}.": "请先汇总，或少选一些，或调整 {}。",
    "The query needs more than {} MiB on disk.": "查询需要的磁盘空间超过 {} MiB。",
    "Ask for less, or set TANDEM_SQL_DISK_MB.": "请减少查询的内容，或调整 TANDEM_SQL_DISK_MB。",
    "The query ended its process (status {}).": "查询使其进程异常结束（状态 {}）。",
    "Ask it in another way.": "请换一种写法。",
    "The run was cancelled while a query worked.": "查询执行期间运行被取消。",
    "The query took longer than {} s on tables without rows.": "在空表上执行该查询超过 {} 秒。",
    "Its constants take long to compute: make them smaller, or set TANDEM_SQL_CHECK_S.": (
        "其中的常量计算时间过长：请改小，或调整 TANDEM_SQL_CHECK_S。"
    ),
    "TANDEM_{} is {}.": "TANDEM_{} 的值为 {}。",
    "Set it to a whole number from {} on.": "请设为不小于 {} 的整数。",
    # learning
    "there is no algorithm {}": "没有算法{}",
    "The algorithm {} does not do {}.": "算法{}不支持{}。",
    "Choose another algorithm.": "请选择其他算法。",
    "{} rows cannot make {} clusters.": "{} 行不能分成 {} 个群体。",
    "Bring more rows, or ask for fewer clusters.": "请增加行数，或减少群体数。",
    "No column is left to compare rows by.": "没有可用于比较各行的列。",
    "Bring numbers, or text with at most {} values.": "请提供数值列，或取值不超过 {} 种的文本列。",
    "The rows make {} clusters, not {}: too few of them differ.": (
        "这些行只能分成 {} 个群体，而不是 {} 个：不同的行太少。"
    ),
    "Ask for fewer clusters.": "请减少群体数。",
    "No column is left to predict {} from.": "没有可用来预测{}的列。",
    "A column that is all null, or text that never repeats, cannot be learnt from.": (
        "全为空值的列，或从不重复的文本列，无法用于学习。"
    ),
    "The target {} is among the features.": "目标列{}也在特征之中。",
    "Take it out of `features`.": "请从“特征”中去掉它。",
    "The algorithm {} cannot learn from these {} rows and {} columns: {}": "算法{}无法从这 {} 行 {} 列中学习：{}",
    "Try another algorithm, or more rows.": "请换一种算法，或增加行数。",
    "The column {} holds {}, which no algorithm takes.": "列{}的内容是{}，所有算法都不支持。",
    "Turn it into text or numbers first, or take it out of `features`.": (
        "请先把它变成文本或数值，或从“特征”中去掉它。"
    ),
    "No row has a value in the target {} ({} rows).": "目标列{}没有任何值（{} 行）。",
    "Choose another target, or bring rows whose outcome is known.": "请选择其他目标列，或提供结果已知的数据。",
    "The target {} is of type {}, and a regression predicts numbers.": "目标列{}的类型是{}，而回归预测的是数值。",
    "Use train_classifier for labels, or cast_types where the numbers were read as something else.": (
        "预测类别请用“训练分类器”；若数值被读成了其他类型，请用“转换类型”。"
    ),
    "The target {} holds nested or binary values, which are no labels.": "目标列{}是嵌套或二进制值，不能作为类别。",
    "Choose a column of labels, numbers or booleans.": "请选择类别、数值或布尔列。",
    "The target {} has one value only, {}, so there is nothing to tell apart.": (
        "目标列{}只有一个取值{}，没有可区分的类别。"
    ),
    "Train on rows of at least two classes.": "请使用至少含两个类别的数据训练。",
    "The target {} has {} different values of type {} in {} rows, too many for classes.": (
        "目标列{0}在 {3} 行中有 {1} 种不同的取值（{2}），作为类别太多。"
    ),
    "Use train_regressor to predict a number.": "预测数值请用“训练回归器”。",
    "Group its values first.": "请先合并它的取值。",
    "The model was trained on values of type {}: cast the column to it.": (
        "模型是用类型为{}的值训练的：请转换该列的类型。"
    ),
    "Column {} holds {}, which cannot be read as {}.": "列{}的内容是{}，不能读取为{}。",
    "None of {} candidates could be scored: {}": "{} 组候选参数都无法评分：{}",
    "Try another metric or algorithm, or more rows.": "请换一种指标或算法，或增加行数。",
    "{} rows cannot be divided into {} folds.": "{} 行不能分成 {} 折。",
    "Bring more rows, or ask for fewer folds.": "请增加行数，或减少折数。",
    "The search was cancelled.": "搜索已取消。",
    "Resume the run to go on.": "继续该运行即可接着执行。",
    # evaluating
    "No row has a label ({} rows).": "没有任何一行有类别标签（{} 行）。",
    "Bring rows whose outcome is known.": "请提供结果已知的数据。",
    "{} labels make more cells than can be seen; {} are the most.": "{} 个类别太多，无法看清；最多 {} 个。",
    "Score the classifier instead, which counts them too.": "请改用“评估分类器”，它也会统计这些。",
    "{} {} cannot be divided into {} parts.": "{} {}不能分成 {} 份。",
    "The cross-validation was cancelled.": "交叉验证已取消。",
    "None of {} parts could be scored: {}": "{} 份都无法评分：{}",
    "Try another algorithm or division, or more rows.": "请换一种算法或划分方式，或增加行数。",
    "The model has no label {}.": "模型没有类别{}。",
    "Its labels are {}.": "它的类别：{}。",
    "Of {} rows {} reach the model, so predictions cannot stand beside them.": (
        "{} 行中只有 {} 行到达模型，因此预测无法与各行对应。"
    ),
    "Predict on rows as they are after the step that filters, groups or joins them.": (
        "请在筛选、分组或连接之后的数据上预测。"
    ),
    "A curve needs rows of the positive class and others, and there is one kind only.": (
        "曲线需要正类和其他类别的数据，而现在只有一种。"
    ),
    "Score on rows of at least two classes.": "请在至少含两个类别的数据上评估。",
    "The model does {}, not clustering.": "该模型用于{}，不是聚类。",
    "Use the operator that scores {}.": "请使用用于{}的评估算子。",
    "Use a model of train_clusters.": "请使用“训练聚类”得到的模型。",
    "The model does {}, not {}.": "该模型用于{}，不是{}。",
    "The validation rows have no column {}, which the model looks at.": "验证数据中没有模型要用到的列{}。",
    "Add it, or leave it out of `features`.": "请补上该列，或从“特征”中去掉它。",
    "Column {} is {} in the training rows and {} in the validation rows.": (
        "列{}在训练数据中的类型是 {}，在验证数据中是 {}。"
    ),
    "Column {} holds numbers that lie too far apart to be scaled.": "列{}中的数值相距过大，无法缩放。",
    "Pull them in with clip_outliers first, or leave the column out.": "请先用“截断异常值”处理，或去掉该列。",
    "Whole numbers overflow: {}.": "整数溢出：{}。",
    "Compute in fractions, as in CAST(a AS DOUBLE) * b, or check the values with filter_rows.": (
        "请用小数计算，例如 CAST(a AS DOUBLE) * b，或用“筛选行”检查取值。"
    ),
    "The value {} does not fit in {}.": "值 {} 超出 {} 的范围。",
    "cast_types can make such values null, filter_rows can leave them out.": (
        "“转换类型”可以把这样的值变为空值，“筛选行”可以去掉它们。"
    ),
    "{} of {} values of column {} ({}) do not fit in {}: {}.": (
        "{1} 个值中有 {0} 个（列{2}，类型 {3}）不能放入 {4}：{5}。"
    ),
    "The label {} cannot be compared with the model's, as {}.": "类别{}不能与模型的类别（{}）比较。",
    "Cast the target to the type it had in training.": "请把目标列转换为训练时的类型。",
    "The metric {} is not defined on a part of the rows, which is too small or too uniform.": (
        "指标{}在部分数据上没有定义：数据太少或过于单一。"
    ),
    # scripts
    "run(table) returned {}, not the declared {}.": "run(table) 返回的是 {}，与声明的 {} 不符。",
    "Change the code or the declaration.": "请修改代码或声明。",
    "Line {}: {}.": "第 {} 行：{}。",
    "Mend the code; it is called as run(table).{}": "请修正代码；它以 run(table) 的形式被调用。{}",
    " It last printed: {}": "最后的输出：{}",
    "The run was cancelled while a script worked.": "脚本执行期间运行被取消。",
    "run(table) returned no columns.": "run(table) 没有返回任何列。",
    "Without rows the type of {} does not show.": "没有数据行时无法得知{}的类型。",
    "Run it once.": "请运行一次。",
    "Declare the columns.": "请声明这些列。",
    "{} cannot be tried on an empty table.": "{}无法用空表试运行。",
    "The script took longer than {} s.": "脚本执行超过 {} 秒。",
    "Give it more time with timeout_s, or less to do.": "请用 timeout_s 增加时间，或减少工作量。",
    "The script took {} MiB of memory, all its processes together, and may take {}.": (
        "脚本的所有进程共占用 {} MiB 内存，上限为 {} MiB。"
    ),
    "Use fewer rows or processes, or set memory_mb.": "请减少行数或进程数，或调整 memory_mb。",
    "The script's files took {} MiB of disk, and may take {}.": "脚本的文件占用 {} MiB 磁盘空间，上限为 {} MiB。",
    "Write less, or set TANDEM_SCRIPT_DISK_MB.": "请减少写入，或调整 TANDEM_SCRIPT_DISK_MB。",
    "The script's result takes more than {} MiB when it is unpacked.": "脚本的结果解压后超过 {} MiB。",
    "Return fewer rows or columns, or set memory_mb.": "请减少返回的行或列，或调整 memory_mb。",
    "The file answer.json cannot be read: scripts leave it to their outcome.": (
        "无法读取文件 answer.json：脚本不应改动它，它用于记录执行结果。"
    ),
    "The script crashed ({}).": "脚本崩溃（{}）。",
    "The script ended without an answer (status {}).": "脚本未给出结果就结束了（状态 {}）。",
    "The script used more than {} s of CPU time.": "脚本使用的 CPU 时间超过 {} 秒。",
    "The script was ended by {}; the machine may have run out of memory.": "脚本被 {} 终止；机器内存可能已耗尽。",
    "The script's result cannot be read.": "无法读取脚本的结果。",
    "Return a plain DataFrame.": "请返回普通的 DataFrame。",
    "The script's result is not a file of a fitting size.": "脚本的结果文件大小不符合要求。",
}
