"""Tell the encoding of a text file from all of its bytes, or refuse to guess.

Strict UTF-8 and byte-order marks are certain. GBK and Western European text are recognised by what they
must look like, and reported as a guess with an example. Anything else is an error that names the
candidates: text is never turned into other text in silence.
"""

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from engine.errors import UnreadableFileError

BLOCK: Final = 1 << 22
SAMPLE: Final = 1 << 18
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WESTERN = re.compile(r"[\w\s!-~£€§°ºª«»“”‘’„–—…¿¡·®©™]*")
_LETTERS = frozenset("ßàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿœšžÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝŒŠŽ")
_TYPICAL = frozenset("äöüßÄÖÜéèêàâçñáíóúåæøôûîëïÉ")
_COMMON_CHINESE = re.compile(rb"[\xa1-\xa3\xb0-\xd7][\xa1-\xfe]")
_KANA = re.compile(rb"[\xa4\xa5][\xa1-\xfe]")
_MIXED_SHARE: Final = 0.02


@dataclass(frozen=True)
class Encoding:
    """An encoding by its Python name; `guess` is an example of the text when it is not certain."""

    name: str
    guess: str = ""


def detect_encoding(path: Path) -> Encoding:
    """Return the encoding of the whole file at `path`.

    Raises:
        UnreadableFileError: It is not text, mixes encodings, or could be several.
    """
    with path.open("rb") as file:
        head = file.read(SAMPLE)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return Encoding(name)
    if b"\0" in head:
        return Encoding(_wide(head, path))
    if is_encoded(path, "utf-8"):
        return Encoding("utf-8")
    return _legacy(path)


def is_encoded(path: Path, encoding: str) -> bool:
    """Return whether every byte of the file decodes strictly as `encoding`."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for block in _blocks(path):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def require_encoding(name: str) -> str:
    """Return `name` if Python has that text encoding.

    Raises:
        UnreadableFileError: It has none of that name.
    """
    try:
        "".encode(name)
    except LookupError as error:
        raise UnreadableFileError(
            f"There is no text encoding called {name!r}.",
            hint="Use utf-8, gbk, gb18030, utf-16, latin-1, or another that Python names.",
        ) from error
    return name


def with_byte_order(path: Path, name: str) -> str:
    """Return `name`, or its little-endian form where it needs a byte-order mark that the file lacks."""
    plain = codecs.lookup(name).name
    if plain not in {"utf-16", "utf-32"}:
        return name
    with path.open("rb") as file:
        head = file.read(4)
    return name if any(head.startswith(mark) for mark, marked in _MARKS if marked == plain) else f"{plain}-le"


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block


def _wide(head: bytes, path: Path) -> str:
    """Return the UTF-16 without a mark that `head` is, told by where its zero bytes lie."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    total = max(len(head) // 2, 1)
    for name, zeros, others in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if zeros > 0.2 * total and others < 0.02 * total and is_encoded(path, name):
            return name
    raise UnreadableFileError(
        f"{path.name} is not a text file: it holds zero bytes.",
        hint="Is it a CSV, Parquet, JSON lines or XLSX file? If it is UTF-16 text, choose that encoding.",
    )


def _legacy(path: Path) -> Encoding:
    lines = [line for line in _sample_lines(path) if not line.isascii()]
    _refuse_mixed(path, lines)
    sample = b"\n".join(lines)
    for name in ("gbk", "gb18030"):
        if _looks_chinese(sample) and is_encoded(path, name):
            return Encoding(name, guess=_example(lines, name))
    if _looks_western(sample) and is_encoded(path, "cp1252"):
        name = "latin-1" if not re.search(rb"[\x80-\x9f]", sample) else "cp1252"
        return Encoding(name, guess=_example(lines, name))
    raise _unknown(path, sample, "is not UTF-8, and its encoding cannot be told for certain")


def _sample_lines(path: Path) -> Iterator[bytes]:
    """Yield lines, up to `SAMPLE` bytes of those that are not ASCII, from anywhere in the file."""
    taken = 0
    with path.open("rb") as file:
        for line in iter(lambda: file.readline(SAMPLE), b""):
            if not line.isascii():
                taken += len(line)
                yield line.rstrip(b"\r\n")
            if taken > SAMPLE:
                return


def _refuse_mixed(path: Path, lines: list[bytes]) -> None:
    """Refuse a file of which some lines are UTF-8 and others are not."""
    unicode_lines = sum(_is_utf8_beyond_chance(line) for line in lines)
    if unicode_lines > _MIXED_SHARE * len(lines):
        others = len(lines) - unicode_lines
        raise UnreadableFileError(
            f"{path.name} mixes encodings: of its lines beyond ASCII {unicode_lines} are UTF-8 and {others} are not.",
            hint="Choose encoding utf-8 to load the UTF-8 lines and reject the others, or repair the file.",
        )


def _is_utf8_beyond_chance(line: bytes) -> bool:
    """Return whether a line is UTF-8 in a way that GBK or Latin text hardly ever is."""
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return any(character >= "\u0800" or character in _LETTERS for character in text)


def _looks_chinese(sample: bytes) -> bool:
    """Return whether the two-byte characters are mostly everyday Chinese (GB 2312 level 1 and its signs)."""
    try:
        text = sample.decode("gb18030")
    except UnicodeDecodeError:
        return False
    beyond = [character.encode("gb18030") for character in text if not character.isascii()]
    common = sum(_COMMON_CHINESE.fullmatch(character) is not None for character in beyond)
    kana = sum(_KANA.fullmatch(character) is not None for character in beyond)
    return common >= 0.7 * len(beyond) and kana <= 0.05 * len(beyond)


def _looks_western(sample: bytes) -> bool:
    """Return whether the bytes beyond ASCII are letters inside words of a Western European language."""
    try:
        text = sample.decode("cp1252")
    except UnicodeDecodeError:
        return False
    beyond = Counter(character for character in text if not character.isascii() and character.isalnum())
    letters = sum(count for character, count in beyond.items() if character in _LETTERS)
    typical = sum(count for character, count in beyond.items() if character in _TYPICAL)
    runs = len(re.findall(rb"[\x80-\xff]{3,}", sample))
    total = sum(beyond.values())
    return (
        total > 0
        and _WESTERN.fullmatch(text) is not None
        and letters >= 0.8 * total
        and typical >= 0.6 * total
        and runs <= 0.02 * total
    )


def _example(lines: list[bytes], encoding: str) -> str:
    """Return up to three words that show how the text reads."""
    words: list[str] = []
    for line in lines:
        for word in re.findall(r"\w+", line.decode(encoding, errors="replace")):
            if not word.isascii() and word not in words:
                words.append(word)
        if len(words) >= 3:  # noqa: PLR2004 (three examples are enough to judge)
            break
    return ", ".join(repr(word[:20]) for word in words[:3])


def _unknown(path: Path, sample: bytes, what: str) -> UnreadableFileError:
    from charset_normalizer import from_bytes

    best = [match.encoding for match in from_bytes(sample[:65536])][:4]
    likely = f"It may be one of {best}. " if best else ""
    return UnreadableFileError(f"{path.name} {what}.", hint=f"{likely}Choose the encoding and look at the preview.")
