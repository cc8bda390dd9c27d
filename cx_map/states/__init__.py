"""Operators applied: the inventory after a phase of its roadmap, after a fix, in a what-if."""
