"""A batch in Blender: a folder of footage captured take by take in the background, seen in a table, imported."""
