"""``cxmap report``."""

from __future__ import annotations

from typing import Annotated

import typer

from cx_map.cli.language import Lang, note_language
from cx_map.cli.options import AsOf, Config, Paths, today


def run(
    paths: Paths,
    output: Annotated[
        str,
        typer.Option("--output", "-o", metavar="DIR|FILE.zip", help="The folder to make, or one file to mail."),
    ],
    lang: Lang = "en",
    as_of: AsOf = None,
    config: Config = None,
) -> None:
    """Write the report: summary, findings by chapter and owner, maps, roadmap, tables, rules; all offline."""
    from cx_map.cli.folder import may_write, write_folder, zipped
    from cx_map.cli.output import print_text, write_file
    from cx_map.config.settings_file import configure
    from cx_map.report.site.build import site
    from cx_map.report.site.facts import gather
    from cx_map.states.open import open_state

    as_file = output.lower().endswith(".zip")
    if not as_file:
        may_write(output)  # before a minute of work, not after it
    note_language(lang)
    inventory = open_state(*paths)
    facts = gather(inventory, configure(tuple(paths), config).settings, today(as_of))
    files = site(facts, language=lang)
    if as_file:
        write_file(output, zipped(files))
        print_text(f"wrote {output}: {len(files):,} files, begin with index.html\n")
    else:
        write_folder(output, files)
        print_text(f"wrote {output}: {len(files):,} files, begin with {output.rstrip('/')}/index.html\n")
