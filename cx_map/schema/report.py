"""The JSON Schema of ``cxmap audit --format json`` and ``cxmap validate --format json``: ``cxmap.report/1``."""

from __future__ import annotations

from cx_map.model.values import BASES
from cx_map.schema.operators import OPERATORS
from cx_map.schema.parts import DRAFT, Schema, count, described, output, ref, text, texts

SEVERITIES = ("critical", "major", "minor", "info")
CONFIDENCES = ("high", "medium", "low")


def report_schema() -> Schema:
    """The schema as plain data (draft-07). Readers must ignore keys they do not know."""
    return {
        "$schema": DRAFT,
        "title": "cxmap report, version 1",
        **output(
            "What an audit found, what it could not assess, and what is clean.",
            {
                "schema": {"description": "The version of this contract.", "const": "cxmap.report/1"},
                "tool": output("What wrote the report.", {"name": text("cxmap."), "version": text("Its version.")}),
                "as_of": {
                    "description": "The day the report is for; null where nothing says one.",
                    "type": ["string", "null"],
                },
                "state": text("Which state was audited: current, a phase of the roadmap, or target."),
                "inventory": output(
                    "What was read.",
                    {"paths": texts("The paths as given."), "counts": described("Entities by kind.", _counts())},
                ),
                "root_causes": described(
                    "The changes to begin with; null where nobody looked for them (see --root-causes).",
                    ref("root_causes"),
                    {"type": "null"},
                ),
                "findings": described("What is wrong, worst first.", {"type": "array", "items": ref("finding")}),
                "not_assessed": described(
                    "Rules that lacked evidence.", {"type": "array", "items": ref("not_assessed")}
                ),
                "clean": texts("Codes of rules that ran and found nothing."),
                "suppressed": output(
                    "Findings left out.",
                    {
                        "baseline": count("Known from the baseline."),
                        "waivers": count("Waived in the configuration."),
                        "comments": count("Exempted by a comment in the file."),
                    },
                ),
                "summary": output(
                    "How many findings there are.",
                    {
                        **{one: count(f"Findings of severity {one}.") for one in SEVERITIES},
                        "entities": count("Entities read."),
                    },
                ),
            },
            ("root_causes",),
        ),
        "definitions": definitions(),
    }


def _counts() -> Schema:
    return {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}}


def definitions() -> dict[str, Schema]:
    """Findings and their parts, also used by other outputs."""
    maybe: Schema = {"type": ["string", "null"]}
    return {
        "finding": output(
            "One thing that is wrong, with its proof.",
            {
                "code": text("The rule's code.", pattern="^[A-Z]+[0-9]+$"),
                "name": text("The rule's name."),
                "severity": described("How bad it is.", {"enum": list(SEVERITIES)}),
                "confidence": described("How sure the evidence is.", {"enum": list(CONFIDENCES)}),
                "message": text("What is wrong, in a sentence."),
                "subject": text("The id of what it is about."),
                "kind": text("The kind of the subject."),
                "related": texts("Ids of what else takes part."),
                "owner": described("The team that answers for it.", maybe),
                "location": ref("location"),
                "path": described("The steps of the proof.", {"type": "array", "items": ref("step")}),
                "evidence": described("Facts of the proof, for people.", {"type": "array", "items": ref("evidence")}),
                "measures": described(
                    "Numbers by name.", {"type": "object", "additionalProperties": {"anyOf": [ref("range"), ref("plain")]}}
                ),
                "consequences": described("Findings that follow from this one.", {"type": "array", "items": {"type": "object"}}),
                "folded_into": described("The fingerprint of the finding that this one follows from.", maybe),
                "fix": described("The smallest change that mends it, if one was computed.", ref("fix"), {"type": "null"}),
                "fingerprint": text("What stays the same from run to run while the finding does."),
            },
            ("evidence",),
        ),
        "root_causes": output(
            "Changes that resolve several findings at once, the best first.",
            {
                "candidates": count("Changes that came into question."),
                "tried": count("Those applied and audited again."),
                "found": described("What to begin with.", {"type": "array", "items": ref("root_cause")}),
            },
        ),
        "root_cause": output(
            "One change, applied alone to the audited state, and what it resolves.",
            {
                "summary": text("The change in a phrase."),
                "changes": described("Operators, as in a phase of a roadmap.", {"type": "array", "items": ref("change")}),
                "cost": {"description": "Relative: a wider flow 1, a new flow 5.", "type": "number"},
                "resolves": texts("Fingerprints of the findings that it resolves."),
                "codes": texts("The rules of these findings."),
                "customers_per_month": described(
                    "At least the most of one of them, at most all together.", ref("range"), {"type": "null"}
                ),
                "border": described("The two lines of business that its flows join.", {"type": ["array", "null"]}),
            },
        ),
        "location": {
            "description": "A place in a file (lines and columns from 1, columns in characters); empty where there is none.",
            "type": "object",
            "properties": {
                "path": text("The file, relative to where the command ran."),
                "line": {"description": "First line.", "type": "integer", "minimum": 1},
                "column": {"description": "First column.", "type": "integer", "minimum": 1},
                "end_line": {"description": "Last line.", "type": "integer", "minimum": 1},
                "end_column": {"description": "The column after the last.", "type": "integer", "minimum": 1},
            },
        },
        "step": output(
            "From one thing to the next.",
            {
                "from": text("The id it leaves."), "edge": text("What joins the two: a field or flow."),
                "to": text("The id it reaches."), "location": ref("location"),
            },
        ),
        "evidence": output("A fact of the proof.", {"label": text("What it is."), "text": text("What it says.")}),
        "range": output(
            "A number with its range and how it is known.",
            {
                "low": {"description": "At least.", "type": "number"},
                "high": {"description": "At most; null where nothing bounds it.", "type": ["number", "null"]},
                "basis": described("How it is known.", {"enum": list(BASES)}),
            },
        ),
        "plain": {"description": "A number, text, truth value or list.", "type": ["number", "string", "boolean", "array", "null"]},
        "fix": output(
            "Changes that make the finding disappear.",
            {
                "summary": text("The change in a sentence."),
                "changes": described("Operators, as in a phase of a roadmap.", {"type": "array", "items": ref("change")}),
            },
        ),
        "change": {
            "description": "One operator of the roadmap.",
            "type": "object",
            "anyOf": [{"required": [name]} for name in OPERATORS],
        },
        "not_assessed": output(
            "A rule that could not be decided, and what would let it.",
            {
                "code": text("The rule's code."), "name": text("The rule's name."), "reason": text("What is missing."),
                "subjects": texts("Ids it could not be decided for."), "unlock": texts("Fields that would let it."),
            },
        ),
    }  # fmt: skip
