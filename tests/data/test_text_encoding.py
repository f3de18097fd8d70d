"""Text is read rightly, or the reader is asked: never as other text in silence."""

import pytest

from engine.data.formats import ReadOptions
from engine.data.sniffing import sniff
from engine.errors import UnreadableFileError

CHINESE = "姓名,城市,备注\n张三,北京,今天天气很好\n李四,上海,产品质量不错\n"
FRENCH = "nom,ville\nHélène,Besançon\nAndré,Nîmes\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_is_told_for_certain(read, encoding):
    table, reading = read(CHINESE, written_as=encoding)
    assert table["城市"].to_list() == ["北京", "上海"]
    assert reading.sniffed.findings == ()


@pytest.mark.parametrize("encoding", ["gbk", "gb18030"])
def test_chinese_of_windows_is_read_and_called_a_guess(read, encoding):
    table, reading = read(CHINESE, written_as=encoding)
    assert table["姓名"].to_list() == ["张三", "李四"]
    assert [finding.kind for finding in reading.sniffed.findings] == ["guessed_encoding"]


def test_characters_that_only_gb18030_has_are_read(read):
    table, _ = read(CHINESE + "𠀀𠀁,北京,好\n", written_as="gb18030")
    assert table["姓名"].to_list()[-1] == "𠀀𠀁"


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_western_text_is_read_and_called_a_guess(read, encoding):
    table, reading = read(FRENCH, written_as=encoding)
    assert table["nom"].to_list() == ["Hélène", "André"]
    assert "Hélène" in reading.sniffed.findings[0].sentence


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("имя,город\nИван,Москва\nПётр,Тверь\n", "cp1251"),
        ("имя,город\nИван,Москва\nПётр,Тверь\n", "koi8_r"),
        ("imię,miasto\nŁukasz,Gdańsk\nMałgorzata,Łódź\n", "cp1250"),
        ("名前,都市\nたろう,とうきょう\nはなこ,おおさか\n", "shift_jis"),
        ("名前,都市\nたろう,とうきょう\nはなこ,おおさか\n", "euc_jp"),
        ("姓名,城市\n張三豐,臺北市\n李四,高雄縣\n", "big5"),
    ],
)
def test_what_cannot_be_told_is_refused_until_it_is_chosen(read, text, encoding):
    with pytest.raises(UnreadableFileError, match="cannot be told") as caught:
        read(text, written_as=encoding)
    assert "Choose the encoding" in caught.value.hint


def test_a_chosen_encoding_is_taken(written):
    path = written("имя,город\nИван,Москва\n", encoding="koi8_r")
    assert sniff(path, ReadOptions(encoding="koi8_r")).columns == ("имя", "город")


def test_utf16_without_a_mark_is_read_when_it_is_chosen(read):
    assert read("姓,名\n张,三\n", written_as="utf-16-le", encoding="utf-16")[0].rows() == [("张", "三")]


def test_mixed_encodings_are_refused(read):
    with pytest.raises(UnreadableFileError, match="mixes encodings"):
        read("a,b\né,1\n".encode() + "ü,2\n".encode("latin-1"))


def test_of_mixed_encodings_the_chosen_one_is_loaded_and_the_rest_rejected(read):
    table, reading = read("a,b\né,1\n".encode() + "ü,2\n".encode("latin-1"), encoding="utf-8")
    assert table.rows() == [("é", 1)]
    assert reading.rejects.select("line", "raw").rows() == [(3, "\\xfc,2")]


def test_an_unknown_encoding_is_a_sentence(written):
    with pytest.raises(UnreadableFileError, match="'klingon'"):
        sniff(written("a,b\n1,2\n"), ReadOptions(encoding="klingon"))


@pytest.mark.parametrize("content", [bytes(range(256)) * 8, b"\x00" * 100 + b"\x01"])
def test_binary_data_is_no_text(written, content):
    with pytest.raises(UnreadableFileError, match="not a text file"):
        sniff(written(content))
