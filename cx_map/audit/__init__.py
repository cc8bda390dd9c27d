"""Rules times an ecosystem give a report."""
