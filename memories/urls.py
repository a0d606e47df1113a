"""Where memories answers."""

from django.urls import URLPattern, URLResolver, path

from memories.views import claim, desk, items, media, viewer

app_name = "memories"
urlpatterns: list[URLPattern | URLResolver] = [
    path("claim", claim.claim, name="claim"),
    path("keep", desk.keep, name="keep"),
    path("keep/<slug:piece>", desk.keep_piece, name="keep_piece"),
    path("keep/<slug:piece>/kept", claim.kept, name="kept"),
    path("keep/<slug:piece>/words", desk.words, name="words"),
    path("keep/<slug:piece>/order", desk.order, name="order"),
    path("keep/<slug:piece>/publish", desk.publish, name="publish"),
    path("keep/<slug:piece>/unpublish", desk.unpublish, name="unpublish"),
    path("keep/<slug:piece>/photographs", items.upload, name="upload"),
    path("keep/<slug:piece>/items", desk.items, name="items"),
    path("keep/<slug:piece>/items/<slug:item>", items.item, name="item"),
    path("keep/<slug:piece>/items/<slug:item>/erase", items.erase, name="erase"),
    path("m/<slug:piece>", viewer.montage, name="montage"),
    path("m/<slug:piece>/cover", viewer.cover, name="cover"),
    path("media/<slug:item>/<variant>", media.media, name="media"),
]
