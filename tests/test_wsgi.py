"""What a WSGI server hands in before Django looks at it."""

import io

import pytest


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
    from config.wsgi import application

    answers = []
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/healthz",
        "SERVER_NAME": "touchmark.example",
        "SERVER_PORT": "443",
        "HTTP_HOST": "touchmark.example",
        "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(),
        "CONTENT_TYPE": content_type,
    }

    application(environ, lambda answer, headers, *rest: answers.append(answer))

    assert answers == [status]
