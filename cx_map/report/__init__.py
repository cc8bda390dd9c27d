"""A report or a set of changes to text: one file a format, no input or output here."""
