"""The settings dialog: a page for each kind of setting; what is chosen counts at once."""
