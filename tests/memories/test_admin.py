"""The staff's desk shows how the work goes, and nothing of what a memory shows."""

import pytest
from django.test import Client

from tests.doors import at_the_door, enter_with_app
from tests.factories import make_memory, make_montage, make_staff

pytestmark = pytest.mark.django_db


def test_staff_see_the_state_of_the_work_and_no_word_of_a_memory():
    item = make_memory(make_montage(title="CANARY"), caption="CANARY", when="CANARY", alt="CANARY")
    staff = at_the_door(Client())
    enter_with_app(staff, make_staff())

    pages = [
        staff.get("/staff/admin/memories/item/"),
        staff.get(f"/staff/admin/memories/item/{item.pk}/change/"),
        staff.get(f"/staff/admin/memories/item/{item.pk}/delete/"),
    ]

    assert [page.status_code for page in pages] == [200, 403, 403]
    assert "CANARY" not in pages[0].content.decode()
    assert item.public_id in pages[0].content.decode()
