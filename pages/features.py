"""Features made step by step on a sample, then sent to a pipeline."""

import streamlit as st

from app.choices import choice, empty
from app.errors import shown
from app.features.look import draw_form, draw_sample, draw_told
from app.features.recipe import chosen_recipe, draw_history
from app.features.sending import chosen_target, draw_sending
from app.features.steps import chosen_step, draw_add, draw_suggestions
from app.session import workbench
from app.text import t

with shown():
    datasets = [entry["name"] for entry in workbench().datasets.list()]
if not datasets:
    empty(t("features.empty"), t("features.open_data"), "data")

left, right = st.columns([1, 2])
with left:
    dataset = choice(t("features.dataset"), datasets, "dataset", of="")
with right:
    recipe = chosen_recipe(dataset)
if recipe is None:
    st.stop()

draw_history(recipe)
with shown():
    walk = workbench().features.walk(recipe["document"])
steps = [step["step"] for step in walk]
left, right = st.columns([1, 2], gap="medium")
with left:
    at = steps.index(chosen_step(walk))
    draw_add(recipe, at)
before = walk[at - 1] if at else None
with right:
    draw_told(recipe, walk[at], before)
    draw_form(recipe, walk[at], before)
    draw_sample(walk[at], before)

with left.expander(t("features.suggestions"), expanded=True, icon=":material/lightbulb:"):
    columns = [column["name"] for column in next(step for step in reversed(walk) if step["table"])["columns"]]
    target = chosen_target(dataset, columns)
    draw_suggestions(recipe, dataset, target)
with left.container(border=True):
    st.markdown(f"**{t('features.send')}**")
    failed = next((step["step"] for step in walk if step["error"]), "")
    draw_sending(recipe, dataset, target, failed)
