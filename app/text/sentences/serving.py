"""What is said about models at service: requests, rows, deployments."""

SENTENCES: dict[str, str] = {
    # requests
    "The body is longer than {} bytes.": "请求内容超过 {} 字节。",
    "Send the rows in several requests, or score them as a batch.": "请分多次请求发送这些行，或改用批量预测。",
    "The body took more than {} seconds.": "接收请求内容超过 {} 秒。",
    "Send it in one go.": "请一次发送完。",
    "The client left before its body was read.": "请求内容尚未读完，客户端就已断开。",
    "Ask again.": "请再试一次。",
    "The bodies of the requests under way take {} bytes already.": "正在处理的请求内容已占用 {} 字节。",
    "Ask again later; TANDEM_SERVICE_BODIES_MB is the limit.": "请稍后再试；上限由 TANDEM_SERVICE_BODIES_MB 设定。",
    "A service is not asked as {}.": "不能以{}的名义访问服务。",
    "Ask it as localhost or 127.0.0.1; TANDEM_SERVICE_HOSTS names more.": (
        "请用 localhost 或 127.0.0.1 访问；其他主机名由 TANDEM_SERVICE_HOSTS 设定。"
    ),
    "A page of {} may not ask this service.": "{}的网页不能访问此服务。",
    "Ask from a program, or put a gateway in front that allows the page.": (
        "请用程序访问，或在前面放置允许该网页的网关。"
    ),
    "The body is said to be {}, not JSON.": "请求内容声明为{}，而不是 JSON。",
    "Send it with the header 'Content-Type: application/json'.": "请带上请求头 Content-Type: application/json。",
    "The body is packed as {}.": "请求内容以{}方式压缩。",
    "Send it as it is.": "请不要压缩，直接发送。",
    "The service did not answer within {} seconds.": "服务在 {} 秒内没有回答。",
    "The service did not answer in time.": "服务没有及时回答。",
    "Ask for fewer rows, or again later.": "请减少行数，或稍后再试。",
    "The service ended before it answered.": "服务在回答之前就结束了。",
    "It is started again; ask again later.": "它会重新启动；请稍后再试。",
    "{} did not answer within {} seconds.": "{} 在 {} 秒内没有回答。",
    "Ask again later.": "请稍后再试。",
    "Service {} did not run version {} of {} before this one.": "服务{0}在此之前运行的不是{2}的第 {1} 版。",
    "It was changed meanwhile: look at what it runs now.": "它已被更改：请查看现在运行的版本。",
    "Version {} of {} is not the former champion any more.": "{1}的第 {0} 版已不是上一任冠军。",
    "The champion has changed meanwhile: look at the versions as they are now.": "冠军已更换：请查看各版本的现状。",
    "Nothing answers at {}.": "{} 没有响应。",
    "See whether the service runs, and `tandem up`.": "请检查服务和引擎是否在运行。",
    "There is no service at {}.": "{} 没有服务。",
    "The service is busy or starting at {}.": "服务正忙或正在启动（{}）。",
    "Status {} came at {}.": "{1} 返回了状态 {0}。",
    "See `tandem services` for what runs.": "请在“服务”页面查看正在运行的服务。",
    "A service has /predict, /invocations, /health, /metrics and /openapi.json.": (
        "服务提供 /predict、/invocations、/health、/metrics 和 /openapi.json。"
    ),
    "The service failed to answer.": "服务未能回答。",
    "Its log says why; the model may be broken.": "原因见服务日志；模型可能已损坏。",
    "The body is {}, not rows.": "请求内容是{}，而不是数据行。",
    'Send {"rows": [{…}]}.': '请发送 {{"rows": [{{…}}]}}。',
    'Send {"rows": [{…}]} as JSON.': '请以 JSON 发送 {{"rows": [{{…}}]}}。',
    "The body is not JSON: {}.": "请求内容不是 JSON：{}。",
    "'rows' is {}, not a list.": "rows 是{}，而不是列表。",
    "{} is {}, not {}.": "{}是{}，而不是{}。",
    "See MLflow's documentation of /invocations.": "请参阅 MLflow 关于 /invocations 的文档。",
    "The body must have exactly one of {}.": "请求内容必须且只能包含以下之一：{}。",
    'Send {"dataframe_records": [{…}]}.': '请发送 {{"dataframe_records": [{{…}}]}}。',
    "Row {} is {}, and there are {} columns.": "第 {} 行是{}，而列有 {} 个。",
    "Give each row of 'data' as a list with one value per column.": "data 的每一行应为列表，每列一个值。",
    # rows; they are counted from 0
    "There are no rows to answer.": "没有需要回答的数据行。",
    "Send at least one row.": "请至少发送一行。",
    "{} rows are more than the {} a request may have.": "{} 行超过了一次请求的上限 {} 行。",
    "Send them in several requests, or score them as a batch.": "请分多次请求发送，或改用批量预测。",
    "Row {} has an unknown column {}.": "第 {} 行（从 0 数起）有未知的列{}。",
    "Did you mean {}?": "您想写的是不是{}？",
    "The columns are {}.": "可用的列：{}。",
    "Row {} has no column {}.": "第 {} 行（从 0 数起）缺少列{}。",
    "Give it; null stands for a missing value. Only columns with gaps in training may be left out.": (
        "请给出该列；缺失值写 null。只有训练数据中有缺失值的列可以省略。"
    ),
    "Row {} is {}, not an object.": "第 {} 行（从 0 数起）是{}，而不是对象。",
    "Give each row as an object of column names and values.": "每一行应是由列名和值组成的对象。",
    "Row {}: {} {}, not {}.": "第 {} 行（从 0 数起）：{}{}，而不是{}。",
    "Null stands for a missing value.": "缺失值请写 null。",
    "a JSON {}": "JSON {}",
    "must be null: the column held nothing in training": "必须为 null：该列在训练时没有任何值",
    "cannot be given as JSON": "无法用 JSON 表示",
    "cannot be read": "无法读取",
    "must be a number": "必须是数值",
    "must be a finite number": "必须是有限的数值",
    "must be true or false": "必须是 true 或 false",
    "must be text": "必须是文本",
    "is out of the range of its type": "超出了其类型的范围",
    "must be a whole number": "必须是整数",
    "must be in [{}, {}]": "必须在 {} 与 {} 之间",
    "must be text that can be written as UTF-8": "必须是可以写成 UTF-8 的文本",
    "must be {} text such as '{}'": "必须是{}文本，例如 {}",
    "must be written without a point or an exponent, which would round it": "不能带小数点或指数，否则会被舍入",
    "must be a number that a 64-bit float holds exactly": "必须是 64 位浮点数能精确表示的数值",
    "must be in [-{}, {}]": "必须在 -{} 与 {} 之间",
    "must not be finer than microseconds": "精度不能高于微秒",
    "must be seconds within 270000 years": "必须是 27 万年以内的秒数",
    # services
    "Ray may be starting again.": "Ray 可能正在重新启动。",
    "Ray Serve does not answer: Ray is not connected.": "Ray Serve 没有响应：Ray 未连接。",
    "Ray Serve does not answer: {}": "Ray Serve 没有响应：{}",
    "The slice has format {}, and this workbench reads {}.": "模型的格式是 {}，而此工作台读取的是 {}。",
    "Use the workbench that registered the model, or register it again.": "请使用注册该模型的工作台，或重新注册。",
    "{} holds no model.": "{} 中没有模型。",
    "{} needs {}, which is not installed here.": "{} 需要{}，而这里没有安装它。",
    "Install it where Tandem runs, or register the model again without it.": (
        "请在运行 Tandem 的环境中安装它，或重新注册不需要它的模型。"
    ),
    "{} cannot be read: {}": "无法读取 {}：{}",
    "Train it again, or use the workbench that stored it.": "请重新训练，或使用保存它的那个版本的工作台。",
    "Train it again, or register it again.": "请重新训练，或重新注册。",
    "{} needs {} {}, which is not installed here.": "{} 需要 {} {}，而这里没有安装它。",
    "Install {} {} where Tandem runs, or train the model again.": (
        "请在运行 Tandem 的环境中安装 {} {}，或重新训练模型。"
    ),
    "{} was stored with {} {}, and {} is installed here.": "{} 是用 {} {} 保存的，而这里安装的是 {}。",
    "Install {} {} or newer where Tandem runs, or train the model again.": (
        "请在运行 Tandem 的环境中安装 {} {} 或更新的版本，或重新训练模型。"
    ),
    "{} is kept in a way that this workbench does not know, {}.": "{} 的保存方式{}是这个工作台不认识的。",
    "{} has format {}, and this workbench reads {}.": "{} 的格式是 {}，而这个工作台读取的是 {}。",
    "Use the workbench that stored it, or train it again.": "请使用保存它的那个版本的工作台，或重新训练。",
    "The model was stored with version {} of {}, which is not here any more, and version {} gives other answers.": (
        "该模型是用{1}的第 {0} 版保存的，这里已没有该版本，而第 {2} 版给出的答案不同。"
    ),
    "The model was stored with version {} of {}, whose parameters are not taken any more: {}": (
        "该模型是用{1}的第 {0} 版保存的，而其参数已不再被接受：{2}"
    ),
    "The sketches of the model have format {}, and this workbench reads {}.": (
        "该模型的数据摘要格式是 {}，而这个工作台读取的是 {}。"
    ),
    "The sketches {} of the model cannot be read.": "无法读取该模型的数据摘要 {}。",
    "a sketch of kind {} cannot be merged with one of kind {}": "类型为 {} 的数据摘要不能与类型为 {} 的合并",
    "it is no model file: {}": "不是模型文件：{}",
    "The model cannot be kept: {}": "无法保存模型：{}",
    "This is a fault of the operator that made it.": "这是生成它的算子的缺陷。",
    "Register the model again.": "请重新注册模型。",
    "A service cannot be called {}.": "服务名称不能是{}。",
    "Use 1 to 64 of a-z, A-Z, 0-9, '_' and '-', beginning with a letter or digit; see --name.": (
        "请使用 1 到 64 个英文字母、数字、“_”或“-”，并以字母或数字开头（名称会用在网址中）。"
    ),
    "Service {} never ran another version.": "服务{}没有运行过其他版本。",
    "Deploy the one you want.": "请部署您需要的版本。",
    "Service {} failed: {}": "服务{}启动失败：{}",
    "Deploy another version, or again.": "请部署其他版本，或再试一次。",
    "Deploy another version.": "请部署其他版本。",
    "Service {} is {} after {} seconds.": "{2} 秒后服务{0}的状态仍为“{1}”。",
    "The engine goes on with it; see `tandem services`.": "引擎会继续处理，请在“服务”页面查看。",
    "The engine goes on with it.": "引擎会继续处理。",
    "Service {} is {}.": "服务{}的状态为“{}”。",
    "Wait until it is healthy, or deploy it.": "请等它健康后再试，或重新部署。",
    "The environment {} is {}, and services need a fixed share.": "环境{}是{}的，而服务需要固定份额。",
    "Deploy into one of {}.": "可部署到：{}。",
    "It did not start within {} seconds.": "{} 秒内没有启动。",
    "Its model may be too large.": "模型可能过大。",
    "Its process ended with status {}.": "其进程以状态 {} 结束。",
    "Version {} goes on serving.": "第 {} 版继续提供服务。",
    # from a run to a service
    "Row {} is {}; they part at {}.": "第 {} 行{}；差异出现在{}。",
    "Stored row {} is refused online: {}": "在线方式拒绝了已存的第 {} 行：{}",
    "Nothing was registered. Use operators that do to one row what they do to a table.": (
        "没有注册。请使用对单行与对整表处理结果一致的算子。"
    ),
    "Node {} ({}) does not give one row for each row it takes.": "节点{}（{}）并非每输入一行就输出一行。",
    "Make the keys of the other table unique, and use a left join.": "请让另一张表的键唯一，并使用左连接。",
    "The steps {} made {} of {} rows.": "步骤 {} 把 {2} 行变成了 {1} 行。",
    "A service needs steps that keep each row.": "服务要求每个步骤都保留每一行。",
    "The steps do not lead to the model's columns once {} are left out: {}": (
        "略去 {} 之后，这些步骤得不到模型需要的列：{}"
    ),
    "A service leaves out splits, sampling and predictions; the others must do without them.": (
        "服务会略去拆分、抽样和预测步骤；其余步骤不能依赖它们。"
    ),
    "Node {} ({}) needs the whole table, so no service can be made of it.": (
        "节点{}（{}）需要整张表，因此无法做成服务。"
    ),
    "Put it before the dataset is stored, or use an operator that works row by row.": (
        "请在保存数据集之前完成这一步，或改用逐行处理的算子。"
    ),
    "The model needs column {}, whose type {} has no form in JSON.": "模型需要列{}，其类型 {} 无法用 JSON 表示。",
    "Cast the column, or drop it before training.": "请转换该列的类型，或在训练前去掉它。",
    "The model of node {} was not trained on rows of a source.": "节点{}的模型不是用数据来源中的行训练的。",
    "Connect a dataset to its training rows.": "请把数据集连接到它的训练数据输入。",
    # monitoring
    "The reference of service {} has no rows.": "服务{}的参考数据没有行。",
    "Register the model again: its training rows are the reference.": "请重新注册模型：它的训练数据就是参考数据。",
}
