"""Forms drawn from JSON Schema: one renderer for operators, learners, services and whatever else has a schema."""

from app.forms.faults import Fault
from app.forms.form import FormResult, schema_form
from app.forms.parameters import operator_form
from app.forms.row import row_form
from app.forms.sheet import Around

__all__ = ["Around", "Fault", "FormResult", "operator_form", "row_form", "schema_form"]
