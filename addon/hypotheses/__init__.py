"""The other poses that fit the footage: kept beside a person's motion, seen, chosen and used."""
