"""The version of cxmap; its only home."""

__version__ = "0.1.0"
