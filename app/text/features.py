"""The words of the screen that makes features."""

TEXTS: dict[str, tuple[str, str]] = {
    "features.empty": (
        "Features are made of a dataset, and there is none yet.",
        "特征来自数据集，而现在还没有数据集。",
    ),
    "features.open_data": ("Open the data", "打开数据"),
    "features.dataset": ("Dataset", "数据集"),
    "features.recipe": ("Recipe", "配方"),
    "features.new": ("New recipe", "新建配方"),
    "features.begin": (
        "No steps yet for this dataset. Begin a recipe: each step is tried on a sample at once, and the recipe "
        "becomes a pipeline when you like it.",
        "这个数据集还没有步骤。新建一个配方：每一步都会立即在样本上试算，满意后即可变成流水线。",
    ),
    "features.kept": ("Revision {revision}, saved", "第 {revision} 版，已保存"),
    "features.undo": ("Undo", "撤销"),
    "features.redo": ("Redo", "重做"),
    "features.steps": ("Steps", "步骤"),
    "features.operator": ("What shall be done?", "要做什么？"),
    "features.choose": ("Choose…", "请选择…"),
    "features.add_it": ("Add", "添加"),
    "features.suggestions": ("Suggestions", "建议"),
    "features.none_suggested": ("Nothing stands out that a step would mend.", "没有发现需要处理的问题。"),
    "features.why_gives_away": (
        "{columns}: gives the column to predict away ({share} the same)",
        "{columns}：会泄露要预测的列（一致程度 {share}）",
    ),
    "features.why_missing": ("{columns}: up to {share} missing", "{columns}：最多缺失 {share}"),
    "features.why_mostly_missing": (
        "{columns}: {share} missing, little to learn from",
        "{columns}：缺失 {share}，几乎没有信息",
    ),
    "features.why_constant": ("{columns}: the same value in every row", "{columns}：每一行的值都相同"),
    "features.why_names_rows": ("{columns}: another text in every row", "{columns}：每一行的文本都不同"),
    "features.why_few_values": (
        "{columns}: texts of at most {figure} {figure:value|values}",
        "{columns}：文本，最多 {figure} 种取值",
    ),
    "features.why_many_values": (
        "{columns}: texts of up to {figure} {figure:value|values}",
        "{columns}：文本，多达 {figure} 种取值",
    ),
    "features.why_far_ends": (
        "{columns}: values up to {figure} quartile {figure:distance|distances} from the middle",
        "{columns}：最远的值距中位数 {figure} 个四分位距",
    ),
    "features.why_unequal_spread": (
        "{columns}: spreads that differ by a factor of {figure}",
        "{columns}：离散程度相差 {figure} 倍",
    ),
    "features.earlier": ("Earlier", "上移"),
    "features.later": ("Later", "下移"),
    "features.remove": ("Remove", "移除"),
    "features.show": ("Show", "显示"),
    "view.after": ("After", "之后"),
    "view.before": ("Before", "之前"),
    "features.rows_now": ("{rows} {rows:row|rows}", "{rows} 行"),
    "features.rows_change": ("{before} → {after} {after:row|rows}", "{before} → {after} 行"),
    "features.new_columns": ("new: {names}", "新增：{names}"),
    "features.gone_columns": ("gone: {names}", "移除：{names}"),
    "features.changed_columns": ("changed: {names}", "改变：{names}"),
    "features.nothing_changed": ("Nothing changed in the sample.", "样本没有变化。"),
    "features.learnt": (
        "Learnt from the sample here; in a run it learns from training rows only.",
        "此处从样本中学习；运行时只从训练数据中学习。",
    ),
    "features.whole_table": (
        "This step needs the whole table: it comes before the rows are split, and the model cannot be served.",
        "这一步需要整张表：它会放在拆分数据之前，且模型无法部署为服务。",
    ),
    "features.mend_loss": (
        "Read them as {way}: {lost} of {of} would be missing",
        "按 {way} 读取：{of} 个中将有 {lost} 个缺失",
    ),
    "features.waits": ("Comes after a step that has failed.", "位于出错的步骤之后。"),
    "features.send": ("Make a pipeline of it", "变成流水线"),
    "features.target": ("Column to predict", "要预测的列"),
    "features.numeric": ("It is a number", "它是数值"),
    "features.numeric_help": (
        "On: a regressor learns the number. Off: a classifier learns the class.",
        "打开：用回归器学习数值；关闭：用分类器学习类别。",
    ),
    "features.send_it": ("Make the pipeline", "生成流水线"),
    "features.send_chain": ("Open the steps as they are", "直接在设计器中打开这些步骤"),
    "features.send_failed": (
        "The step {step} cannot be done yet: mend or remove it first.",
        "步骤 {step} 还不能执行：请先修正或移除它。",
    ),
    "features.sent": (
        "Rows are split first, so every step learns from training rows only.",
        "先拆分数据，因此每一步都只从训练数据中学习。",
    ),
}
