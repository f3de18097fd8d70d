"""What a browser sends after its labels have changed: the labels that it still holds."""

WIDGETS = ("selectbox", "multiselect", "radio", "button_group", "segmented_control")


def labels_of(app):
    """Return what each picker of the page sends at its next run, by the widget's id: the labels as they are drawn."""
    held = {}
    for state in app._tree.get_widget_states().widgets:
        if state.WhichOneof("value") == "string_value":
            held[state.id] = state.string_value
        elif state.WhichOneof("value") == "string_array_value":
            held[state.id] = list(state.string_array_value.data)
    return held


def resent(app, held):
    """Run the page once more with the labels of an older picture; what was pressed stays pressed."""
    states = app._tree.get_widget_states()
    for state in states.widgets:
        found = held.get(state.id)
        if isinstance(found, str):
            state.string_value = found
        elif isinstance(found, list):
            del state.string_array_value.data[:]
            state.string_array_value.data.extend(found)
    app._run(states)
    return app
