"""A page of Nele's with a film in each of its states, for the eye: no worker touches them."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.utils import timezone

from memories.film import Shape
from memories.models.film import FilmJob, FilmShape, FilmState
from memories.models.montage import Montage, MontageLevel
from memories.services.films import Wish
from provenance.models.maker import Maker
from tests.factories import make_film, make_memory, make_montage
from tests.memories import clips

NEVER = timedelta(days=3650)
A_QUARTER_OF_THE_SIZE = "270x480"


def set_up(maker: Maker, keeper: User) -> Montage:
    montage = make_montage(
        user=keeper, maker=maker, level=MontageLevel.PUBLIC, published_at=timezone.now()
    )
    make_memory(montage)
    stands = clips.make_film(size=A_QUARTER_OF_THE_SIZE, seconds=1)
    make_film(montage, content=stands, wish=Wish(30, Shape.TALL), pictures=12, is_shared=True)
    _job(montage, 60, FilmShape.TALL, FilmState.DOING, progress=42, due_at=timezone.now() + NEVER)
    _job(montage, 30, FilmShape.POST, FilmState.OUTDATED)
    _job(montage, 60, FilmShape.POST, FilmState.FAILED)
    return montage


def _job(
    montage: Montage, seconds: int, shape: FilmShape, state: FilmState, **facts: object
) -> None:
    FilmJob.objects.create(montage=montage, seconds=seconds, shape=shape, state=state, **facts)
