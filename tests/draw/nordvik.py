"""A made-up bank of forty entities, the sample that the drawing tests and the eye look at."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from cx_map.draw.scene import Badge, Column, Edge, Lane, Mark, Node, Ring, Scene

COLUMNS = (
    Column("data_sources", "Data sources"),
    Column("platforms", "Platforms"),
    Column("communications", "Communications"),
    Column("channels", "Channels"),
    Column("collection_points", "Collection points"),
)
RINGS = (
    Ring("channels", "Channels", sectored=False),
    Ring("communications", "Communications"),
    Ring("platforms", "Platforms"),
    Ring("data_sources", "Data sources"),
    Ring("collection_points", "Collection points"),
)
LANES = (
    Lane("retail", "Retail banking"),
    Lane("shared", "Shared services"),
    Lane("cards", "Cards & payments"),
    Lane("mortgages", "Mortgages", silo=True),
    Lane("wealth", "Wealth"),
)
_ROWS = """
data_sources retail core-banking|Core banking|Temenos T24
data_sources shared customer-data-platform|Customer data platform|Segment
data_sources shared preference-store|Preference store|consent + paperless
data_sources cards card-processor|Card processor|TSYS
data_sources cards fraud-engine|Fraud engine|FICO Falcon
data_sources mortgages loan-servicing|Loan servicing|Sagent
data_sources mortgages mortgage-contact-file|Mortgage contact file|own opt-outs
data_sources wealth portfolio-system|Portfolio system|Avaloq
platforms retail marketing-email|Marketing email|Adobe Campaign
platforms shared document-composition|Document composition|Quadient Inspire
platforms shared experience-platform|Experience platform|Qualtrics
platforms shared crm|CRM|Salesforce
platforms shared contact-centre-suite|Contact-centre suite|Genesys
platforms cards alert-hub|Alert hub|in-house
platforms mortgages letter-system|Letter system|legacy AFP
platforms wealth adviser-portal|Adviser portal|in-house
communications retail savings-offer|Savings offer|fortnightly
communications retail account-statement|Account statement|monthly
communications retail welcome-pack|Welcome pack|on opening
communications retail password-reset|Password reset|on demand
communications shared relationship-survey|Relationship survey|NPS, 2 x year
communications shared after-call-survey|After-call survey|CSAT
communications cards card-statement|Card statement|monthly
communications cards fraud-alert|Fraud alert|real time
communications cards one-time-passcode|One-time passcode|real time
communications mortgages arrears-letter|Arrears letter|regulated
communications mortgages escrow-analysis|Escrow analysis|yearly
communications mortgages rate-change-notice|Rate-change notice|regulated
communications wealth quarterly-report|Quarterly report|quarterly
communications wealth market-insight|Market insight|weekly
channels shared app-push|App push|
channels shared sms|SMS|
channels shared email|Email|
channels shared voice|Voice / IVR|
channels shared print|Print & post|
collection_points retail branch-kyc-form|Branch KYC form|contact details
collection_points retail web-form|Web form|contact details
collection_points shared survey-response|Survey response|score + verbatim
collection_points shared complaint-intake|Complaint intake|all lines
collection_points shared ivr-prompt|IVR prompt|contact details
"""
_FLOWS = """
core-banking document-composition crm alert-hub
customer-data-platform marketing-email crm
preference-store marketing-email document-composition
card-processor alert-hub document-composition
fraud-engine alert-hub
portfolio-system adviser-portal
loan-servicing letter-system
mortgage-contact-file letter-system
document-composition account-statement welcome-pack card-statement
crm password-reset experience-platform contact-centre-suite adviser-portal
marketing-email savings-offer
alert-hub fraud-alert one-time-passcode
letter-system arrears-letter escrow-analysis rate-change-notice
adviser-portal quarterly-report market-insight
experience-platform relationship-survey
contact-centre-suite after-call-survey
account-statement email print
welcome-pack print email
savings-offer email app-push
password-reset sms
fraud-alert sms app-push
card-statement email print
one-time-passcode sms
rate-change-notice print
arrears-letter print voice
escrow-analysis print
quarterly-report print email
market-insight email
relationship-survey email
after-call-survey sms voice
email survey-response
sms survey-response
voice ivr-prompt complaint-intake
web-form customer-data-platform
branch-kyc-form core-banking
ivr-prompt crm
survey-response experience-platform
complaint-intake crm
"""
_FINDINGS = {
    "password-reset": Badge("CHAN101", "critical", "Security content over SMS"),
    "mortgage-contact-file": Badge("SILO102", "critical"),
    "survey-response": Badge("LOOP103", "major"),
    "complaint-intake": Badge("LOOP101", "major"),
    "relationship-survey": Badge("SURV101", "major"),
    "after-call-survey": Badge("SURV101", "major"),
    "arrears-letter": Badge("GOV101", "major"),
    "document-composition": Badge("BOT101", "minor"),
    "ivr-prompt": Badge("COLL101", "minor"),
    "branch-kyc-form": Badge("COLL101", "minor"),
    "web-form": Badge("COLL101", "minor"),
}


def nordvik() -> Scene:
    """The bank as it is: five lanes, five columns, a handful of findings, one broken loop."""
    nodes = []
    for row in _ROWS.strip().splitlines():
        kind, lane, rest = row.split(" ", 2)
        ident, label, sub = rest.split("|")
        badges = (_FINDINGS[ident],) if ident in _FINDINGS else ()
        nodes.append(Node(ident, label, kind, lane, kind, sub, badges))
    edges = []
    for row in _FLOWS.strip().splitlines():
        source, *targets = row.split()
        for target in targets:
            badge = (Badge("CHAN101", "critical"),) if (source, target) == ("password-reset", "sms") else ()
            edges.append(Edge(source, target, badges=badge))
    edges.append(Edge("complaint-intake", "alert-hub", style="missing", badges=(Badge("LOOP101", "major"),)))
    return Scene(
        "Nordvik Bank – customer communications",
        "Current state · as of 2026-11-22 · 40 entities, 62 flows",
        COLUMNS,
        LANES,
        tuple(nodes),
        tuple(edges),
        RINGS,
    )


def nordvik_diff() -> Scene:
    """The step from the current state to the target."""
    base = nordvik()
    marks: dict[str, Mark] = {
        "branch-kyc-form": "removed",
        "letter-system": "removed",
        "password-reset": "changed",
        "mortgage-contact-file": "removed",
        "arrears-letter": "changed",
    }
    nodes = [replace(n, badges=(), mark=marks.get(n.id, "unchanged")) for n in base.nodes]
    nodes += [
        Node(
            "preference-hub",
            "Enterprise preference hub",
            "data_sources",
            "shared",
            "data_sources",
            "one consent record",
            mark="added",
        ),
        Node("secure-inbox", "Secure inbox", "channels", "shared", "channels", mark="added"),
    ]
    gone = {"branch-kyc-form", "letter-system", "mortgage-contact-file"}
    edges = [
        replace(e, badges=(), mark="removed" if {e.source, e.target} & gone else "unchanged")
        for e in base.edges
        if e.style != "missing"
    ]
    edges += [
        Edge(a, b, mark="added")
        for a, b in (
            ("preference-hub", "document-composition"),
            ("preference-hub", "marketing-email"),
            ("document-composition", "arrears-letter"),
            ("document-composition", "escrow-analysis"),
            ("document-composition", "rate-change-notice"),
            ("loan-servicing", "document-composition"),
            ("rate-change-notice", "secure-inbox"),
            ("account-statement", "secure-inbox"),
            ("password-reset", "app-push"),
        )
    ]
    return replace(
        base,
        title="Nordvik Bank – current to target",
        subtitle="2 added, 3 removed, 2 changed · as of 2026-11-22",
        nodes=tuple(nodes),
        edges=tuple(edges),
    )


def big(nodes: int, lanes: int = 6, flows: int = 2) -> Scene:
    """A scene of about this many nodes with repeatable wiring."""
    shares = {
        "data_sources": 0.12,
        "platforms": 0.1,
        "communications": 0.6,
        "channels": 0.03,
        "collection_points": 0.15,
    }
    found: list[Node] = []
    by_kind: dict[str, list[Node]] = {}
    for column in COLUMNS:
        count = max(1, round(nodes * shares[column.id]))
        by_kind[column.id] = [
            Node(
                f"{column.id[:4]}-{i:05d}",
                f"{column.label[:-1]} number {i}",
                column.id,
                f"lane{(i * i + i // 3) % lanes}",
                column.id,
                "monthly" if i % 2 else "",
                (Badge("BOT101", "minor"),) if i % 17 == 0 else (),
            )
            for i in range(count)
        ]
        found += by_kind[column.id]
    names = [column.id for column in COLUMNS]
    edges = []
    for one, other in (*pairwise(names), (names[-1], names[0])):
        for i, node in enumerate(by_kind[one]):
            for k in range(1 if one == names[-1] else flows):
                same = [n for n in by_kind[other] if n.lane == node.lane] if nodes <= 1000 else by_kind[other]
                pool = same or by_kind[other]
                edges.append(Edge(node.id, pool[(i * 7 + k * 13) % len(pool)].id))
    return Scene(
        f"A bank with {len(found):,} entities",
        "Current state · as of 2026-11-22",
        COLUMNS,
        tuple(Lane(f"lane{i}", f"Line of business {i + 1}") for i in range(lanes)),
        tuple(found),
        tuple(edges),
        RINGS,
    )
