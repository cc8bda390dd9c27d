"""The rules: one file a rule, in a folder a family. Nothing here imports another rule."""
