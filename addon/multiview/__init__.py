"""Several clips in one take: chosen, said, and what was found out about their cameras."""
