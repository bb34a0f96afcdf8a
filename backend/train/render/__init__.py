"""The quick renderer: dressed bodies in rooms, drawn by a z-buffer in torch, for the detector to look at."""
