"""``cxmap init``."""

from __future__ import annotations

from typing import Annotated

import typer

from cx_map.cli.options import choice


def run(
    folder: Annotated[str, typer.Argument(metavar="[DIR]", help="Where to write.")] = ".",
    template: Annotated[
        str, typer.Option("--template", metavar="minimal|bank|insurer|agency", help="What to start from.")
    ] = "minimal",
    ci: Annotated[bool, typer.Option("--ci", help="Also write a CI workflow.")] = False,
    pre_commit: Annotated[bool, typer.Option("--pre-commit", help="Also write a pre-commit configuration.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that exist.")] = False,
) -> None:
    """Write a commented starter inventory, its configuration and the schema for editors."""
    from pathlib import Path

    from cx_map.cli.output import print_text, write_file
    from cx_map.cli.starter import CI, CONFIG, PRE_COMMIT, TEMPLATES
    from cx_map.errors import UsageError
    from cx_map.report.json_form import dumps
    from cx_map.schema import SCHEMAS

    choice(template, tuple(TEMPLATES), "--template")
    top = Path(folder)
    files = {
        f"{template}.cxmap.yaml": TEMPLATES[template],
        "cxmap.yaml": CONFIG,
        "cxmap.schema.json": dumps(SCHEMAS["inventory"]()),
    }
    if ci:
        files[".github/workflows/cxmap.yml"] = CI
    if pre_commit:
        files[".pre-commit-config.yaml"] = PRE_COMMIT
    existing = [name for name in files if (top / name).exists()]
    if existing and not force:
        raise UsageError(
            f"{', '.join(existing)} already exist{'s' if len(existing) == 1 else ''} in {folder}",
            hint="use another folder, or --force to overwrite",
        )
    for name, text in files.items():
        write_file(top / name, text)
        print_text(f"wrote {(top / name).as_posix()}\n")
    where = top.as_posix()
    print_text(f"\nnext:\n  cxmap validate {where}\n  cxmap audit {where}\n  cxmap render {where} -o map.svg\n")
