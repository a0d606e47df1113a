"""`manage.py make_platform_key`: make the platform's signing key, once and on purpose."""

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from provenance import keys
from provenance.errors import ProvenanceError
from provenance.services import platform


class Command(BaseCommand):
    help = "Make the platform's encrypted signing key. A key that is there is never overwritten."
    # The check that misses the key sends people here.
    requires_system_checks = ()

    def handle(self, *args: object, **options: object) -> None:
        if platform.is_on_record():
            raise CommandError(
                "a key of this site is on record: bring its file back, or run manage.py rotate_key"
            )
        path = settings.PLATFORM_KEY_PATH
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            public_key = keys.write_key_file(
                path, passphrase=settings.PLATFORM_KEY_PASSPHRASE.encode()
            )
        except ProvenanceError as problem:
            raise CommandError(f"{problem} (PLATFORM_KEY_PATH, PLATFORM_KEY_PASSPHRASE)") from None
        did = platform.did()
        self.stdout.write(f"key          {keys.verification_method(did, public_key)}")
        self.stdout.write(f"fingerprint  {keys.fingerprint(public_key)}")
