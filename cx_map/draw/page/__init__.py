"""The workshop page: one offline HTML file that a room full of people explores; no file is read or written here."""
