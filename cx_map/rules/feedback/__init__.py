"""Whether what customers say comes back to them."""
