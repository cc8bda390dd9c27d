"""Whether choices and consent reach everything they govern."""
