"""How a piece was made, in words that follow from its record by rule (policy strict-2026-11)."""

from typing import Final

# Rules D2 and M0: with no design step and no forming step on record, this and nothing else.
LABEL_WITHOUT_RECORD: Final = "Design origin not stated; No making claim"
