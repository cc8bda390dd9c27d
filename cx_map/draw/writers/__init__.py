"""A layout to a picture: one file a format, no input or output."""
