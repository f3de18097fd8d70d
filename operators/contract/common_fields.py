"""Fields that several operators have, each with its words once: `target: Target`, `seed: Seed = None`."""

from typing import Annotated

from pydantic import Field

from operators.contract.fields import hint

Target = Annotated[
    str, Field(min_length=1, description="Column to predict", json_schema_extra=hint("要预测的列", "column"))
]
Labels = Annotated[
    str | None,
    Field(
        min_length=1,
        description="Column with the labels; the model's target when unset",
        json_schema_extra=hint("标签所在的列；不填则为模型的目标列", "column"),
    ),
]
Positive = Annotated[
    bool | int | float | str | None,
    Field(
        description="Label of the positive class; the higher of two labels when unset",
        json_schema_extra=hint("正类的标签；不填则取两个标签中较大的"),
    ),
]
Features = Annotated[
    tuple[str, ...] | None,
    Field(
        min_length=1,
        description="Columns to learn from; all but the target when unset",
        json_schema_extra=hint("用于学习的列；不填则为除目标外的所有列", "columns"),
    ),
]
Seed = Annotated[
    int | None,
    Field(
        ge=0,
        le=2**32 - 1,
        description="Seed of everything random; the run's when unset",
        json_schema_extra=hint("随机种子；不填则使用运行的种子", advanced=True),
    ),
]
SourceFile = Annotated[
    str,
    Field(
        min_length=1, description="File on the engine's machine", json_schema_extra=hint("引擎所在机器上的文件", "file")
    ),
]
