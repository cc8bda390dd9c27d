"""Where too much, too slowly or everything depends on one thing."""
