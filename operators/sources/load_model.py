"""Bring a registered model into a pipeline."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from operators.contract.card import ALL_ENGINES, Card, Source
from operators.contract.context import Context
from operators.contract.contradictions import contradiction
from operators.contract.fields import hint
from operators.contract.operator import Example, Operator
from operators.contract.tables import Schema
from operators.contract.values.model import Model


class LoadModel(Operator):
    """Load a registered model, by its name and an alias or a version.

    Rows that it is asked about are taken as they are at the source that it was trained from: the whole path of its
    training is applied to them, as its service does. Which version an alias means is decided when the run is asked for.
    """

    card: ClassVar[Card] = Card(
        title={"en": "Load model", "zh": "加载模型"},
        category="data",
        engines=ALL_ENGINES,
        online="skip",
        about={
            "zh": (
                "按名称以及别名或版本加载已注册的模型。\n\n交给它的数据应与训练时的来源一致：训练路径上的全部步骤都会应用，"
                "与服务相同。别名指向哪个版本，在请求运行时确定。"
            )
        },
    )

    model: str = Field(
        min_length=1,
        max_length=64,
        description="Name of the registered model",
        json_schema_extra=hint("已注册模型的名称", "model"),
    )
    alias: Literal["champion", "challenger"] | None = Field(
        None,
        description="The version that has this alias; the champion where neither alias nor version is set",
        json_schema_extra=hint("具有此别名的版本；别名和版本都不填时为冠军", label=("Alias", "别名")),
    )
    version: int | None = Field(
        None,
        ge=1,
        description="The version with this number, whatever aliases it has",
        json_schema_extra=hint("指定编号的版本，不看别名", "model_version", label=("Version", "版本")),
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> "LoadModel":
        if self.alias is not None and self.version is not None:
            raise contradiction("version", "give an alias or a version, not both", "请只填别名或版本之一")
        return self

    @property
    def ref(self) -> str:
        """The model as a source is named: `churn@champion`, `churn@3`."""
        return f"{self.model}@{self.version or self.alias or 'champion'}"

    def sources(self) -> Sequence[Source]:
        """Return the model."""
        return (Source("model", self.ref),)

    def infer(self, inputs: Mapping[str, Schema | None], sources: Mapping[str, Schema]) -> Mapping[str, Schema | None]:
        """Return the columns of the model's answers where they are known."""
        del inputs
        return {"model": sources.get(self.ref)}

    def run(self, context: Context) -> Model:
        """Return the model with the path that rows of its source take to it."""
        return context.model(self.ref)

    @classmethod
    def examples(cls) -> Sequence[Example]:
        """Return a model that the check suite's context holds."""
        return [Example(cls(model="people"))]
