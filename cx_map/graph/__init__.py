"""An inventory to the three graphs that the analyses walk: production, propagation, response."""
