"""Where journeys lose their customers."""
