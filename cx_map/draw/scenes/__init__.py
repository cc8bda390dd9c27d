"""What to show: an inventory, a comparison or a part of either, to a scene or a sheet."""
