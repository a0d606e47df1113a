"""Where tags answers."""

from django.urls import URLPattern, URLResolver, path, re_path

from tags import print_views, views

app_name = "tags"
urlpatterns: list[URLPattern | URLResolver] = [
    # Engraved in capitals, typed in small letters; whatever follows is read as a code.
    re_path(r"^[tT]/(?P<code>[\s\S]*)$", views.code, name="code"),
    path("find", views.find_code, name="find_code"),
    path("workshop/<slug:piece>/card.pdf", print_views.card_pdf, name="card_pdf"),
    path("workshop/<slug:piece>/label.pdf", print_views.label_pdf, name="label_pdf"),
    path("workshop/<slug:piece>/code.svg", print_views.code_svg, name="code_svg"),
]
