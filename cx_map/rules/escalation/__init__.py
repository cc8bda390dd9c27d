"""What happens to errors that the front line cannot solve."""
