"""What the schema says of every call alike: its key, and the errors it may meet."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, inline_serializer
from rest_framework import serializers


class TokenScheme(OpenApiAuthenticationExtension):
    """What the schema says of `TokenAuthentication`."""

    target_class = "provenance.api.access.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A token of your workshop."}


class FieldErrorShape(serializers.Serializer[object]):
    path = serializers.CharField(help_text='The field, as in "parts.0.fineness".')
    code = serializers.CharField()
    detail = serializers.CharField()


# Written as a call: a class could not have a field named as the serializers' own `errors`.
ERROR = inline_serializer(
    "Error",
    {
        "code": serializers.CharField(),
        "detail": serializers.CharField(),
        "errors": FieldErrorShape(many=True, required=False),
    },
)


CREATING = [
    OpenApiParameter(
        "Idempotency-Key",
        str,
        OpenApiParameter.HEADER,
        required=True,
        description="1 to 200 visible ASCII characters, new for each new request. A repeat with "
        "the same key and body within 24 hours has no second effect and gets the same bytes.",
    )
]


def refusals(*statuses: int) -> dict[int, OpenApiResponse]:
    """The errors a call may meet; any call may be one too many (429)."""
    return {
        status: OpenApiResponse(ERROR, description=MEANINGS[status])
        for status in sorted({*statuses, 429})
    }


MEANINGS = {
    400: "It cannot be read, or fields are missing or wrong.",
    401: "It needs a token, or the token is unknown.",
    404: "There is nothing here, or nothing of yours.",
    409: "It was done before.",
    413: "It is larger than we take.",
    415: "It is of a kind we do not take.",
    422: "It is understood, and refused.",
    429: "Too many requests; Retry-After says when.",
    503: "The platform cannot do it just now.",
}
READING = refusals(404)
READING_OURS = refusals(401)
REMOVING = refusals(401, 404)
REMOVING_ON = refusals(401, 404, 409)
WRITING = refusals(400, 401, 413, 415, 422)
CHANGING = refusals(400, 401, 404, 409, 413, 415)
WRITING_OURS = refusals(400, 401, 409, 413, 415, 422)
WRITING_ON = refusals(400, 401, 404, 409, 413, 415, 422, 503)
