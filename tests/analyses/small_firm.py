"""The small firm of analyses.md, H2: four communications whose single points and head-room are known.

Made-up volumes that give the known results: print runs at 155 % as routed (head-room 0.645), and at most
1.037 times the volume can pass at all.
"""

SMALL_FIRM = """
segments:
  card-holders: {customers: 500000, reachable_by: {letter: 99%, email: 70%}}
  borrowers: {customers: 120000, reachable_by: {letter: 99%}}
overlaps:
  - {between: [card-holders, borrowers], customers: 60000}
data_sources:
  core: {}
  prefs: {}
platforms:
  ccm-a: {capabilities: [compose], capacity: 2000000/month}
  ccm-b: {capabilities: [compose], capacity: 900000/month}
  print: {capabilities: [print], capacity: 600000/month}
  esp: {capabilities: [deliver_email], capacity: 800000/month}
communications:
  stmt-card:
    purpose: servicing
    segments: [card-holders]
    volume: 1000000/month
    needs: [core, prefs]
    routes:
      - {channel: letter, platforms: [ccm-a, print], share: 63%}
      - {channel: email, platforms: [ccm-a, esp], share: 37%}
  stmt-mort:
    purpose: servicing
    segments: [borrowers]
    volume: 200000/month
    needs: [core]
    routes: [{channel: letter, platforms: [ccm-b, print]}]
  fraud:
    purpose: security
    segments: [card-holders]
    volume: 50000/month
    needs: [core]
    routes:
      - {id: main, channel: email, platforms: [ccm-a, esp]}
      - {id: spare, channel: email, platforms: [ccm-b, esp], fallback_for: main}
  notice:
    purpose: regulatory
    segments: [card-holders, borrowers]
    volume: 100000/month
    needs: [core]
    routes:
      - {channel: letter, platforms: [ccm-a, print]}
      - {channel: email, platforms: [ccm-b, esp], fallback_for: letter}
"""

SINGLE_POINTS = {
    "stmt-card": {"core", "prefs", "ccm-a"},
    "stmt-mort": {"core", "ccm-b", "print", "letter"},
    "fraud": {"core", "esp", "email"},
    "notice": {"core"},
}
