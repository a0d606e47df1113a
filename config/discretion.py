"""What no log and no error page repeats: a tap's query, a code or an invitation in an address."""

import logging
import re
from types import TracebackType
from typing import Any

from django.http import HttpRequest
from django.views.debug import ExceptionReporter

# A tap's query is worth a look at somebody's ring; a code and an invitation open what its keeper
# shows.
_TAP_QUERY = re.compile(r"(/s/[^\s?\"']*)\?[^\s\"'>]*", re.IGNORECASE)
_CODE = re.compile(r"(/[ti]/)[^\s?\"'>]+", re.IGNORECASE)
_DOORS = ("/s/", "/t/", "/i/")


def discreet(text: str) -> str:
    """The same text without the query of a tap, a code or an invitation.

    >>> discreet("GET /s/ring?e=9A1B&c=77AA HTTP/1.1")
    'GET /s/ring?... HTTP/1.1'
    >>> discreet("GET /T/K7QM2XRA9FT88 HTTP/1.1")
    'GET /T/... HTTP/1.1'
    >>> discreet("POST /i/Xk2mPq9v HTTP/1.1")
    'POST /i/... HTTP/1.1'
    """
    return _CODE.sub(r"\1...", _TAP_QUERY.sub(r"\1?...", text))


class Discretion(logging.Filter):
    """Lets every record pass, without what it should not say."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        kept = discreet(said)
        if kept != said:
            record.msg, record.args = kept, ()
        return True


class DiscreetReporter(ExceptionReporter):
    """Error pages and reports; of what happened at a tag's door they tell the lines alone."""

    def __init__(
        self,
        request: HttpRequest | None,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        tb: TracebackType | None,
        is_email: bool = False,
    ) -> None:
        self._is_silent = request is not None and request.path.lower().startswith(_DOORS)
        shown = None if self._is_silent else request
        super().__init__(shown, exc_type, exc_value, tb, is_email)

    def get_traceback_frames(self) -> list[dict[str, Any]]:
        frames: list[dict[str, Any]] = super().get_traceback_frames()
        return [frame | {"vars": []} for frame in frames] if self._is_silent else frames
