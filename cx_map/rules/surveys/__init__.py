"""How customers are listened to."""
