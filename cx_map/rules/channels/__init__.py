"""Whether each message uses a channel that fits it."""
