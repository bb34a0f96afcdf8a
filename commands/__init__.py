"""What build.py can do, one file per command. Standard library only; never part of the extension."""
