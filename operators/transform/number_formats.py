"""Numbers as people write them in text: with signs for thousands and decimals, and a currency."""

from typing import Final, Literal, get_args

import narwhals as nw

NumberFormat = Literal["plain", "1,234.5", "1.234,5", "1 234,5", "1'234.5"]
NUMBER_FORMATS: Final[tuple[NumberFormat, ...]] = get_args(NumberFormat)
_CURRENCY: Final = (
    r"[$€£¥₩₹₽₺₪฿元円]|\b(?i:USD|EUR|GBP|JPY|CNY|RMB|CHF|SEK|NOK|DKK|PLN|CZK|HUF|RUB|INR|KRW|AUD|CAD|BRL|Kr)\b"
)
_SIGNS: Final = {"1,234.5": (",", "."), "1.234,5": (".", ","), "1 234,5": (" ", ","), "1'234.5": ("'", ".")}
_BLANKS: Final = "[ \u00a0\u202f\u2009]"
_QUOTES: Final = "['\u2019]"


def plain_number(column: str, form: NumberFormat) -> nw.Expr:
    """Return a text column with its numbers written plainly, as `-1234.5`; anything else is no number.

    A currency before or after the number goes, and blanks between. Thousands stand in groups of three, or not at all.

    Args:
        column: Its name.
        form: How a number stands in it.
    """
    text = nw.col(column)
    if form == "plain":
        return text
    thousands, decimal = _SIGNS[form]
    group = {" ": _BLANKS, "'": _QUOTES}.get(thousands, f"[{thousands}]")
    bare = text.str.replace_all(_CURRENCY, "").str.strip_chars()
    whole = f"([0-9]{{1,3}}({group}[0-9]{{3}})+|[0-9]+)"
    known = bare.str.contains(f"^[+-]?{_BLANKS}*({whole}([{decimal}][0-9]*)?|[{decimal}][0-9]+)$")
    plain = bare.str.replace_all(group, "").str.replace_all(_BLANKS, "").str.replace_all(f"[{decimal}]", ".")
    return nw.when(known).then(plain).otherwise(nw.when(~text.is_null()).then(nw.lit("no number"))).alias(column)
