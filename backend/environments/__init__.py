"""Makes the virtual environments that the rest of the backend runs in. Standard library only, Python 3.11 and newer."""
