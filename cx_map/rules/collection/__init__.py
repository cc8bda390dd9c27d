"""What customers are asked, and asked again."""
