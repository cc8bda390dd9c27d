"""Whether the inventory itself can be relied on."""
