"""What a WSGI server hands in before Django looks at it."""

import io

import pytest
from django.core.signals import request_finished


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json; charset*=bogus''x", "400 Bad Request"),
        ("text/plain; charset=utf-8", "200 OK"),
        ("", "200 OK"),
    ],
)
def test_a_content_type_nobody_can_read_is_refused(content_type, status):
    assert status_of(asking("/healthz") | {"CONTENT_TYPE": content_type}) == status


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("told", "status"),
    [("", "400 Bad Request"), (", 203.0.113.9", "400 Bad Request"), ("203.0.113.9", "200 OK")],
)
def test_an_address_of_a_visitor_that_does_not_arrive_is_refused(told, status):
    """The server hands on an empty text for a header with letters that are not ASCII."""
    assert status_of(asking("/healthz") | {"HTTP_X_FORWARDED_FOR": told}) == status


@pytest.mark.django_db
def test_no_setting_of_the_process_is_part_of_a_request(monkeypatch):
    """Servers may lay the environment under each request, with every secret in it."""
    from config import wsgi

    monkeypatch.setattr(wsgi, "_SURROUNDINGS", (("DATABASE_URL", "secret"), ("HTTP_HOST", "old")))
    environ = asking("/healthz") | {"DATABASE_URL": "secret"}

    wsgi.application(environ, lambda answer, headers, *rest: None)

    assert "DATABASE_URL" not in environ
    assert environ["HTTP_HOST"] == "touchmark.example"


@pytest.mark.django_db
def test_an_answer_that_is_there_goes_out_in_one_piece_and_lets_go_of_what_it_held():
    from config.wsgi import application

    ended = []
    request_finished.connect(lambda **_: ended.append(True), weak=False, dispatch_uid="here")
    answer = application(asking("/healthz"), lambda answer, headers, *rest: None)
    request_finished.disconnect(dispatch_uid="here")

    assert isinstance(answer, list)
    assert (len(answer), ended) == (1, [True])


def status_of(environ):
    from config.wsgi import application

    answers = []
    application(environ, lambda answer, headers, *rest: answers.append(answer))
    (status,) = answers
    return status


def asking(path):
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "SERVER_NAME": "touchmark.example",
        "SERVER_PORT": "443",
        "HTTP_HOST": "touchmark.example",
        "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(),
    }
