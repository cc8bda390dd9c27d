"""From YAML, or a git revision of it, to an inventory with a source span for everything.

The only room that knows YAML and git.
"""
