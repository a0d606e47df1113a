"""What may be said of a piece: each word that makes a claim, and whether its record grants it."""
