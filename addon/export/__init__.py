"""Export of motion to other programs. What is exported is a stand-in: the artist's rig is only looked at."""
