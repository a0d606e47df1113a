"""Where memories answers."""

from django.urls import URLPattern, URLResolver, path

from memories.views import claim, desk, items, media, viewer

app_name = "memories"
urlpatterns: list[URLPattern | URLResolver] = [
    path("claim", claim.claim, name="claim"),
    path("keep", desk.keep, name="keep"),
    path("keep/<piece>", desk.keep_piece, name="keep_piece"),
    path("keep/<piece>/kept", claim.kept, name="kept"),
    path("keep/<piece>/words", desk.words, name="words"),
    path("keep/<piece>/order", desk.order, name="order"),
    path("keep/<piece>/publish", desk.publish, name="publish"),
    path("keep/<piece>/unpublish", desk.unpublish, name="unpublish"),
    path("keep/<piece>/photographs", items.upload, name="upload"),
    path("keep/<piece>/items", desk.items, name="items"),
    path("keep/<piece>/items/<item>", items.item, name="item"),
    path("keep/<piece>/items/<item>/erase", items.erase, name="erase"),
    path("m/<piece>", viewer.montage, name="montage"),
    path("m/<piece>/cover", viewer.cover, name="cover"),
    path("media/<item>/<variant>", media.media, name="media"),
]
