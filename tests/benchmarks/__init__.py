"""Measurements of speed and memory as ratios within one run; run by ``make bench``, never by pytest."""
