"""What ``cxmap init`` writes."""

from __future__ import annotations

from importlib.resources import files

NAMES = ("minimal", "bank", "insurer", "agency")
TEMPLATES = {name: (files("cx_map.cli") / "templates" / f"{name}.cxmap.yaml").read_text("utf-8") for name in NAMES}

CONFIG = """\
# Settings of cxmap for this folder; `cxmap rules` lists codes, `cxmap explain CODE` shows a rule's parameters.
cxmap: 1
fail_on: major          # critical, major, minor, info or none: from here on `cxmap audit` exits with 1
# rules:
#   BOT101: {utilisation: 0.9}
# waivers:
#   - {rule: BOT109, subject: core, reason: twin site in phase 2, because: planned, approved_by: cio, expires: 2027-06-30}
"""

CI = """\
name: cxmap
on: [pull_request]
permissions:
  contents: read
jobs:
  audit:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with: {python-version: "3.12"}
      - run: python -m pip install cxmap
      - run: cxmap validate . --format github
      - run: cxmap audit . --format github --report markdown=audit.md
      - if: always()
        run: test ! -f audit.md || cat audit.md >> "$GITHUB_STEP_SUMMARY"
"""

PRE_COMMIT = """\
repos:
  - repo: local
    hooks:
      - id: cxmap-validate
        name: cxmap validate
        entry: cxmap validate .
        language: system
        files: \\.cxmap\\.yaml$
        pass_filenames: false
"""
