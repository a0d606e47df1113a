"""Django looks for models here; the classes are imported from their own modules."""

from provenance.models import certificate, keeping, log, maker, piece

__all__ = ["certificate", "keeping", "log", "maker", "piece"]
