"""Names that the code may use itself, or that mean something to a library: any table may have columns of these."""

NAMES = (
    *("rows", "count", "value", "group", "index", "len", "prediction", "literal", "at", "model_version"),
    *("probability_a", "__index__", "row_number", "target", "weight", "text", "label", "number", "share", "size"),
    *("fold", "draw", "quota", "test", "moment", "kept", "found", "order", "components", "figure_0", "tandem row"),
    *("tandem place", "x", "y", "key", "column", "type", "name", "table", "other", "train", "together", "missing"),
    *('say "hi"', "it's", "a.b", "{x}", "two\nlines", "😀", "Rows", "ROWS", "null", "true", "select", "_", "at_asked"),
)
