"""Screens of the workbench, one file each, in the order of `app.navigation`."""
