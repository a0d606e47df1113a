"""`manage.py rotate_key`: go on with a new platform key; the old one stays published."""

from django.core.management import BaseCommand, CommandError

from provenance import keys
from provenance.errors import ProvenanceError
from provenance.services import key_life, platform


class Command(BaseCommand):
    help = "Make a new platform key and sign with it from now on. What the old one signed holds."

    def handle(self, *args: object, **options: object) -> None:
        try:
            key = key_life.rotate_platform_key()
        except ProvenanceError as problem:
            raise CommandError(f"{problem} (PLATFORM_KEY_PATH, PLATFORM_KEY_PASSPHRASE)") from None
        public_key = bytes(key.public_key)
        self.stdout.write(f"key          {keys.verification_method(platform.did(), public_key)}")
        self.stdout.write(f"fingerprint  {keys.fingerprint(public_key)}")
        self.stdout.write(f"file         {platform.key_path(key.file)}")
