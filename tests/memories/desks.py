"""The desk of a keeper who is signed in, as other people's clients of tus see it."""

import json

from tests.sites import Site

TOKEN = "t" * 32
BEGIN = """
import json
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from tests.factories import make_montage
montage = make_montage()
user = montage.keeper.user
session = SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.create()
print(json.dumps([session.session_key, montage.piece.public_id]))
"""


def open_desk(site: Site) -> tuple[str, dict[str, str]]:
    """Otto, signed in: where his uploads go, and the headers that his browser would send."""
    session, piece = json.loads(shell(site, BEGIN))
    headers = {"Cookie": f"sessionid={session}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN}
    return f"{site.url}/keep/{piece}/uploads", headers


def shell(site: Site, program: str) -> str:
    """The last line that a program prints on the site."""
    return site.manage("shell", "--verbosity", "0", "-c", program).strip().splitlines()[-1]
