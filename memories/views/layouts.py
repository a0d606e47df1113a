"""The three templates of a page: what stands where, and the style that puts it there."""

from collections.abc import Sequence

from memories.models.item import Item
from memories.models.montage import Montage, Template
from memories.services import chapters
from memories.views import collage, story, timeline

Layout = collage.Collage | timeline.Timeline | story.Story


def lay_out(montage: Montage, items: Sequence[Item]) -> Layout:
    """Lay out what a visitor may see; of a chapter that shows them nothing not even the title."""
    told = [each for each in chapters.told(items, montage.chapters.all()) if each.items]
    if montage.template == Template.TIMELINE:
        return timeline.thread(told)
    if montage.template == Template.STORY:
        return story.tell(told)
    return collage.hang(told)
