"""Where tags answers."""

from django.urls import URLPattern, URLResolver, path

from tags import print_views

app_name = "tags"
urlpatterns: list[URLPattern | URLResolver] = [
    path("workshop/<slug:piece>/card.pdf", print_views.card_pdf, name="card_pdf"),
    path("workshop/<slug:piece>/label.pdf", print_views.label_pdf, name="label_pdf"),
    path("workshop/<slug:piece>/code.svg", print_views.code_svg, name="code_svg"),
]
