"""Two states of an inventory: what changed, and what the change means to customers."""
