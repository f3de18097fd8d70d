"""Parameters that each are right but do not go together: said in English and Chinese, under the field to change."""

from typing import Any

from pydantic_core import PydanticCustomError

KIND = "contradiction"


def contradiction(field: str, en: str, zh: str, **values: Any) -> PydanticCustomError:
    """Return what a model validator raises.

    Args:
        field: Where a form shows it.
        en: The sentence, without a full stop; `{name}` stands for one of `values`.
        zh: The same in Chinese.
        values: Put into both sentences.
    """
    told = {name: str(value) for name, value in values.items()}
    return PydanticCustomError(
        KIND, "{sentence}", {"sentence": en.format(**told), "zh": zh.format(**told), "field": field}
    )
