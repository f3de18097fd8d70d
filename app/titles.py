"""What an operator is called in the language of this session."""

from app.session import language, workbench


def operator_title(name: str) -> str:
    """Return the title of an operator; its registry name where the catalogue does not have it."""
    for entry in workbench().operators.list():
        if entry["name"] == name:
            return str(entry["titles"].get(language()) or entry["title"])
    return name
