"""How figures say what they show: one legend, figures of merit in words."""

from streamlit.testing.v1 import AppTest

FIGURE = {
    "title": {"en": "Curve", "zh": "曲线"},
    "facts": {"accuracy": 0.971, "auc.yes": 0.9},
    "x": {"kind": "number", "label": {"en": "x"}},
    "y": {"kind": "number", "label": {"en": "y"}},
    "series": [{"kind": "line", "name": {"en": name}, "x": [0, 1], "y": [0, 1]} for name in ("a", "b", "c")],
}


def drawn(language):
    def page(figure, code):
        import streamlit as st

        from app.figures import draw_figure

        st.session_state["language"] = code
        draw_figure(figure, "curve")

    return AppTest.from_function(page, args=(FIGURE, language)).run()


def test_several_lines_have_one_legend():
    layers = drawn("en").get("vega_lite_chart")[0].proto.spec
    assert layers.count('"legend": {"orient"') == 1
    assert layers.count('"legend": null') == 2


def test_figures_of_merit_are_named_in_words():
    assert drawn("zh").caption[0].value.replace("\\", "") == "准确率 0.971 · 曲线下面积 yes 0.9"
