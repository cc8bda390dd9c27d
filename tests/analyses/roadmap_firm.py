"""The plan of analyses.md, G and H7: fine at its start and at its end, and impossible on the way.

A letter that the law demands moves from ``ccm-b`` to ``ccm-a`` a phase before the new composer is joined to the archive,
and a consent loses its old store a phase before its new one is joined to the mailer.
"""

PLAN = """
segments: {owners: {customers: 1000, reachable_by: {letter: 100%, email: 80%}}}
data_sources: {archive: {role: archive}, opt-out-file: {}, hub: {}}
platforms: {ccm-b: {capabilities: [compose, print]}, mailer: {capabilities: [deliver_email], enforces: [marketing]}}
collection_points: {page: {writes_to: [opt-out-file, hub]}}
preferences: {marketing: {kind: consent, captured_at: [page], master: opt-out-file}}
communications:
  statement: {purpose: regulatory, segments: [owners], needs: [], archive: archive, routes: [{channel: letter, platforms: [ccm-b]}]}
  offer: {purpose: marketing, segments: [owners], needs: [], governed_by: [marketing], routes: [{channel: email, platforms: [mailer]}]}
flows:
  - {from: ccm-b, to: archive, via: file}
  - {from: opt-out-file, to: mailer, via: file, carries: [preference.marketing]}
initiatives: {build-ccm-a: {}, retire-ccm-b: {}, arch-link: {}, retire-file: {}, consent-hub: {}}
roadmap:
  phases:
    - id: one
      cutover: {parallel: 4w}
      changes:
        - {for: build-ccm-a, add: {platforms: {ccm-a: {capabilities: [compose, print]}}}}
        - {for: retire-ccm-b, change: {statement: {routes: [{channel: letter, platforms: [ccm-a]}]}}}
        - {for: retire-ccm-b, remove: [ccm-b]}
    - id: two
      changes: [{for: arch-link, connect: {from: ccm-a, to: archive, via: api}}]
    - id: three
      cutover: {parallel: 1w}
      changes:
        - {for: retire-file, change: {marketing: {master: hub}, page: {writes_to: [hub]}}}
        - {for: retire-file, remove: [opt-out-file]}
    - id: four
      changes: [{for: consent-hub, connect: {from: hub, to: mailer, via: api, carries: [preference.marketing]}}]
"""
