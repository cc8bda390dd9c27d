"""How hypothesis runs: no deadlines on shared machines; in CI the same examples every time. No test uses the user's cache."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("cxmap", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("cxmap")
os.environ["CXMAP_CACHE_DIR"] = ""
