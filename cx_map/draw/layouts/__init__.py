"""Where everything stands: a scene or a sheet to a layout of boxes, lines of text and curves."""
