"""Where lines of business, systems and teams stand apart."""
