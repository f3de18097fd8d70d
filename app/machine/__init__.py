"""The screen of resources: what there is, who has it, what waits and why, and the processes behind it.

It is not called after its page: Streamlit puts this folder first on the path, and would hide the room `resources`.
"""
