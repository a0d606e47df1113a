"""Where tags answers."""

from django.urls import URLPattern, URLResolver, path, re_path

from tags import (
    binding_views,
    encoding_views,
    engraving_views,
    life_views,
    print_views,
    season_views,
    stock_views,
    tap_views,
    vendor_views,
    views,
)

app_name = "tags"
urlpatterns: list[URLPattern | URLResolver] = [
    # Engraved in capitals, typed in small letters; whatever follows is read as a code.
    re_path(r"^[tT]/(?P<code>[\s\S]*)$", views.code, name="code"),
    # Written into chips, which count on it for ever; the query is read as it came.
    re_path(r"^[sS]/(?P<profile>[^/]*)$", tap_views.tap, name="tap"),
    path("find", views.find_code, name="find_code"),
    path(
        "workshop/season/<slug:season>/labels.pdf", season_views.season_labels, name="season_labels"
    ),
    path("workshop/season/<slug:season>/cards.pdf", season_views.season_cards, name="season_cards"),
    path("workshop/tags", stock_views.workshop_tags, name="workshop_tags"),
    path("workshop/<slug:piece>/card.pdf", print_views.card_pdf, name="card_pdf"),
    path("workshop/<slug:piece>/label.pdf", print_views.label_pdf, name="label_pdf"),
    path("workshop/<slug:piece>/code.svg", print_views.code_svg, name="code_svg"),
    path("workshop/tags/write", encoding_views.write_tags, name="write_tags"),
    path("workshop/tags/phone", encoding_views.phone_page, name="phone"),
    path("workshop/tags/phone/failed", encoding_views.phone_failed, name="phone_failed"),
    path("workshop/tags/try", encoding_views.try_tags, name="try_tags"),
    path("workshop/tags/try/anew", encoding_views.write_anew, name="write_anew"),
    path("workshop/tags/export.zip", vendor_views.vendor_export, name="vendor_export"),
    path("workshop/tags/results", vendor_views.vendor_results, name="vendor_results"),
    path("workshop/tags/<slug:tag>", life_views.workshop_tag, name="workshop_tag"),
    path("workshop/tags/<slug:tag>/pause", life_views.pause_tag, name="pause_tag"),
    path("workshop/tags/<slug:tag>/lift", life_views.lift_tag, name="lift_tag"),
    path("workshop/tags/<slug:tag>/replace", life_views.replace_tag, name="replace_tag"),
    path("workshop/tags/<slug:tag>/retire", life_views.retire_tag, name="retire_tag"),
    path("workshop/<slug:piece>/tag", binding_views.bind, name="bind"),
    path("workshop/<slug:piece>/engrave", engraving_views.engrave, name="engrave"),
    path("workshop/<slug:piece>/engrave.svg", engraving_views.engrave_svg, name="engrave_svg"),
    path("workshop/<slug:piece>/engrave.png", engraving_views.engrave_png, name="engrave_png"),
    path("workshop/<slug:piece>/test-print.pdf", engraving_views.trial_pdf, name="trial_pdf"),
]
