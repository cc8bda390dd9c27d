"""The report site: offline HTML pages of one audit, with maps, tables and rules' pages. No input or output here."""
