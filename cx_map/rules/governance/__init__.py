"""Who answers for what: owners, committees, sponsors, goals."""
