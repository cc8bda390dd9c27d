"""Bounds on what is read, so that no file can exhaust time or memory."""

MAX_FILE_BYTES = 32 * 1024 * 1024
"""Largest file read. 100,000 entities are about 26 MB."""

MAX_DEPTH = 40
"""Deepest nesting; the language itself needs 10."""

MAX_ALIAS_NODES = 100_000
"""Most nodes that the aliases of one file may stand for."""

MAX_FILES = 20_000
"""Most files of one inventory."""

MAX_NODES = 6_000_000
"""Most keys and values of one file. 100,000 entities have about 3 million."""

MAX_DEFAULT_NODES = 3_000_000
"""Most values that the defaults of one file may stand for: their size times the entities that take them."""

MAX_TOTAL_BYTES = 256 * 1024 * 1024
"""Most bytes of all files of an inventory together."""

MAX_LINE = 1_000_000
"""Longest line, in characters: places are packed into integers."""

MAX_PROBLEMS_A_FILE = 1_000
"""Most problems listed for one file; the rest are counted."""

MAX_PROBLEMS = 20_000
"""Most problems kept by one step of loading; the rest are counted."""

MAX_HINTS = 300
"""Most searches for a word that was meant; the errors after these come without."""
