"""What happens to a piece, told to whatever stands behind it, inside the same transaction.

A receiver writes to the database only, so that its work stands or falls with the act itself; what
leaves the database (a letter, a cache) it leaves to `transaction.on_commit`.
"""

from django.dispatch import Signal

# `piece` (Piece), `former` (Keeper): this keeper's custody ended in this transaction.
custody_ended = Signal()

# `piece` (Piece), `at` (UTC): somebody who may reported it missing.
missing_reported = Signal()

# `piece` (Piece): it is not missing any more.
missing_cleared = Signal()
