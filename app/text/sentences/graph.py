"""What is said about pipelines: their wiring, their files, their edits."""

SENTENCES: dict[str, str] = {
    "The pipeline file has {} characters; at most {} are read.": "流水线文件有 {} 个字符，而最多读取 {} 个。",
    "Keep data in datasets; TANDEM_PIPELINE_FILE_KB is the limit.": (
        "请把数据放进数据集；上限由 TANDEM_PIPELINE_FILE_KB 设定。"
    ),
    "Node {}: {}": "节点{}：{}",
    "The pipeline {} is not one chain of steps over one dataset.": "流水线{}不是单一数据集上的一串步骤。",
    "Open it in the designer, which draws any pipeline.": "请在流水线设计器中打开，那里可以显示任何流水线。",
    "{} is no step of a chain.": "{}不能作为其中的一步。",
    "It must take one table and give one.": "步骤必须输入一个表并输出一个表。",
    # files
    "The name {} is not text.": "名称{}不是文本。",
    'Put it in quotes, as in "1".': '请加上引号，例如 "1"。',
    "The pipeline": "流水线",
    "Node {}": "节点{}",
    "{} is missing.": "缺少{}。",
    "{} is not known here.": "此处没有{}这一项。",
    "{} is not of type {}.": "{}的类型不是 {}。",
    "{} is not a name that may be used here.": "{}不能用作此处的名称。",
    "It may have {}.": "可以有：{}。",
    "Write name or name@version.": "请写“名称”或“名称@版本”。",
    "See the pipeline file in the documentation.": "请参阅文档中的流水线文件说明。",
    "aliases are not read": "不支持别名",
    "{} stands twice": "{}重复出现",
    "{} is no number": "{}不是数值",
    " at line {}, column {}": "（第 {} 行第 {} 列）",
    "Check the file with an editor that knows YAML.": "请用支持 YAML 的编辑器检查文件。",
    # edits
    "There is no edit {}.": "没有名为{}的修改操作。",
    "It may be one of {}.": "可选：{}。",
    "The edit {} is not complete or of the wrong form: {}.": "修改操作{}不完整或格式不对：{}。",
    "See the table of edits in engine/graph/edits.py.": "请参阅 engine/graph/edits.py 中的操作表。",
    "{} cannot lie at {}, {}.": "{}不能放在 {}，{}。",
    "Keep it on the canvas.": "请放在画布之内。",
    "The edit has {} bytes; at most {} are kept.": "这次修改有 {} 字节，最多保存 {} 字节。",
    "The edit holds something that is not JSON, such as NaN or half a character.": (
        "修改中含有无法写成 JSON 的内容，例如 NaN 或不完整的字符。"
    ),
    "Make it less.": "请减少内容。",
    "Use numbers, text, true, false, null, lists and objects.": "请使用数字、文本、true、false、null、列表和对象。",
    "Node {} has no model.": "节点{}没有模型。",
    "Name the node of a trainer.": "请选择训练模型的节点。",
    "{} is not an operator.": "{}不是算子。",
    "Write FillMissing(...), or a registry name.": "请写 FillMissing(...)，或算子的名称。",
    "{} cannot name a node.": "{}不能作为节点名称。",
    "Use letters, digits, _, - and spaces.": "请使用文字、数字、“_”、“-”和空格。",
    "There is a node {} already.": "已有名为{}的节点。",
    "Choose another name, or use set().": "请换一个名称，或使用 set()。",
    "{} cannot be read: {}.": "无法读取 {}：{}。",
    "Check the path.": "请检查路径。",
    "{} is not UTF-8 text.": "{} 不是 UTF-8 文本。",
    "A pipeline is a YAML or JSON file.": "流水线文件应为 YAML 或 JSON。",
    # problems
    "The pipeline has no nodes.": "流水线还没有步骤。",
    "Add a source, as read_dataset.": "请先添加数据来源，例如“读取数据集”。",
    "The pipeline has no parameter {}.": "流水线没有参数{}。",
    "Give it a value under `parameters`, or with the run.": "请在 parameters 中或在运行时为它赋值。",
    "The parameter {} has no value; it takes {}.": "参数{}没有值；它需要{}。",
    "Give it one with the run: --set {}=VALUE, or under `parameters`.": (
        "请在运行时给出：--set {}=VALUE，或写在 parameters 中。"
    ),
    "The parameter {} takes {}, not {}.": "参数{}需要{}，而不是{}。",
    "The pipeline declares it so.": "流水线的声明如此规定。",
    "The parameter {} is {} for {}, and {} for {}.": "参数{0}在 {2} 处需要{1}，而在 {4} 处需要{3}。",
    "Use two parameters.": "请使用两个参数。",
    "The parameter {} does not take {}: ": "参数{}不接受 {}：",
    "The parameter {} does not take {}: {}": "参数{}不接受 {}：{}",
    "It is used by {}.": "使用它的是 {}。",
    "The value of the parameter {} is not JSON, or longer than is kept.": "参数{}的值不是 JSON，或者太长。",
    "The value of the parameter {} names another one, {}.": "参数{}的值引用了另一个参数{}。",
    "Write its value itself; parameters do not refer to each other.": "请直接写出值；参数之间不能互相引用。",
    "It has none.": "流水线没有参数。",
    "Operator {} has no input {}.": "算子{}没有输入{}。",
    "It takes no input.": "它不需要输入。",
    "The input {} of {} is not connected.": "{1}的输入{0}尚未连接。",
    "It takes a {} from another node.": "它需要来自其他节点的{}。",
    "There is no node {}.": "没有节点{}。",
    "Node {} has no output {}.": "节点{}没有输出{}。",
    "It has {}.": "现有：{}。",
    "The input {} takes a {}, but {} gives a {}.": "输入{0}需要{1}，但 {2} 给出的是{3}。",
    "Connect an output of type {}.": "请连接类型为{}的输出。",
    "These nodes feed each other in a circle: {}.": "这些节点首尾相接，形成了循环：{}。",
    "Take one of the links between them away.": "请删除其中一条连线。",
    "There is no {} {}.": "没有{}{}。",
    "Add the {} first.": "请先添加{}。",
    "{} is fitted before {} splits the rows, so it sees rows that are held out.": (
        "{}在{}拆分数据之前就已学习，因此会看到留出的数据。"
    ),
    "Put {} after {}; scoring applies it to the held-out rows by itself.": (
        "请把{}放到{}之后；评估时会自动把它应用到留出的数据上。"
    ),
    # rows that follow a model, and rows that judge it
    "{} ({}) needs the whole table: no single row can follow it to a service.": (
        "{}（{}）需要整张表：单独一行无法随之进入服务。"
    ),
    "{} ({}) needs the whole table, so the rows that {} asks about cannot pass it on the way to the model {}.": (
        "{}（{}）需要整张表，因此{}所用的数据无法经过它到达模型{}。"
    ),
    "Put {} before the rows are split. {}": "请把{}放在拆分数据之前。{}",
    "{} puts a prediction beside each row, but {} ({}) may drop rows or add some.": (
        "{}要在每一行旁写出预测，而{}（{}）可能增减行。"
    ),
    "The rows of {} cannot pass {} on the way to the model {}: {}": "{}的数据无法经过{}到达模型{}：{}",
    "No service can be made of the model {}: {} ({}) needs the whole table.": (
        "模型{}无法部署为服务：{}（{}）需要整张表。"
    ),
    "The columns that {} gives are not known yet.": "{}会输出哪些列，目前还不知道。",
    "Declare them, run it once, or try it on an empty table (--dry-run).": (
        "请声明这些列，运行一次，或用空表试运行（--dry-run）。"
    ),
    "Declare them: the columns that reach it are known in a run alone.": "请声明这些列：到达它的列只有在运行时才知道。",
    "{} cannot be tried on an empty table: {}": "{}无法用空表试运行：{}",
    "The columns that reach it are not known.": "到达它的列还不知道。",
    "If it needs rows, a run will find out its columns; or declare them.": (
        "如果代码需要数据行，运行一次即可得知它的列；也可以直接声明。"
    ),
    "Find out those first, or declare its own.": "请先得知那些列，或声明它自己的列。",
    "The run itself works. {}": "运行本身没有问题。{}",
    "No service can be made of the model {}: it learns from {}, which {} adds and a service leaves out.": (
        "模型{0}无法部署为服务：它从列{1}学习，而该列由{2}添加，服务中会跳过。"
    ),
    "Let {} learn without it.": "请让{}不使用该列。",
    "Let {} learn without it: {} adds it to the training rows alone.": "请让{}不使用该列：{}只把它加到训练数据中。",
    "The rows have no column {}, which the model {} may learn from.": "数据中没有列{}，而模型{}可能要用到它。",
    "Use the operator that scores {}: {}.": "请使用评估{}的算子：{}。",
    "The model predicts {}, but {} compares it with {}.": "模型预测的是{}，而{}把它与{}比较。",
    "Leave the target open, and it is the model's own.": "不填目标列，即使用模型自己的目标列。",
    "The labels of {} are of type {}, and the model's of type {}: they may never be equal.": (
        "{}的标签类型是{}，而模型的标签类型是{}：两者可能永远不会相等。"
    ),
    "The positive class {} is no label: the model's are of type {}.": "正类{}不是标签：模型的标签类型是{}。",
    "Leave it open, or write one of the labels.": "请不填，或填写其中一个标签。",
    # models that are loaded
    "No model {}.": "没有模型{}。",
    "There is no model {}.": "没有模型{}。",
    "Register it first.": "请先注册。",
    "The model {} cannot be loaded: {}": "无法加载模型 {}：{}",
    "Register the model again, or load another version.": "请重新注册模型，或加载其他版本。",
    "The model of node {} is registered already.": "节点{}的模型已经注册过。",
    "Use that version, or name a node that trains a model.": "请使用该版本，或选择训练模型的节点。",
    "The model {} does {}, not {}.": "模型{}用于{}，而不是{}。",
    "Load a model that does {}.": "请加载用于{}的模型。",
    "The rows have no column {}, which the model {} needs.": "数据中没有列{}，而模型{}需要它。",
    "Column {} is {}, and the model {} was trained on {}.": "列{}的类型是{}，而模型{}训练时为{}。",
    "Cast the column to the type it had in training.": "请把该列转换为训练时的类型。",
    "The pipeline has a cycle: {}.": "流水线中有循环：{}。",
    "Take one of these links away.": "请删除其中一条连线。",
}
