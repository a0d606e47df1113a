"""Django looks for models here; the classes are imported from their own modules."""

from tags.models import tag, tap

__all__ = ["tag", "tap"]
