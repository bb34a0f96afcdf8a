"""Motion on the artist's own characters."""
