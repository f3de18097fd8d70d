"""The languages of the screens."""

ENGLISH_CODE = "en"
CHINESE_CODE = "zh"
LANGUAGES = {ENGLISH_CODE: "English", CHINESE_CODE: "简体中文"}
