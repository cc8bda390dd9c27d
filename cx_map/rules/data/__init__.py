"""Whether customer data comes together."""
