"""Pictures of an ecosystem: scene (what to show), layout (where), and one writer a format. No input or output here."""
