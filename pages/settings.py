"""Settings: preferences, what the environment sets, versions, and whether everything is in order."""

from app.choices import view
from app.errors import shown
from app.settings import VIEWS
from app.text import t

chosen = view(t("settings.view"), list(VIEWS), "settings_view")
with shown():
    VIEWS[chosen]()
