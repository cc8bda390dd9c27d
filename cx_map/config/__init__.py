"""``cxmap.yaml``: rules, thresholds and waivers, never entities; it executes nothing."""
