"""The domain: entities, values and the attribute tree, as plain data."""
