"""What can go wrong, in the user's words; the HTTP status sits on the error."""

from collections.abc import Mapping, Sequence


class Failure(Exception):  # noqa: N818 - a failed start is not an API problem
    """A command cannot go on; its text is the one line that the person sees."""


class Problem(Exception):  # noqa: N818 - RFC 9457 calls it a problem
    """An RFC 9457 problem: a stable `code` (the faces translate it), a detail, extras for machines."""

    status = 400
    code = "bad_request"
    title = "Bad request"

    def __init__(self, detail: str, *, code: str | None = None, **extra: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or type(self).code
        self.extra = extra
        self.headers: dict[str, str] = {}


class Unauthorized(Problem):
    """Nobody is logged in, or the credential is wrong."""

    status, code, title = 401, "unauthorized", "Not logged in"


class Forbidden(Problem):
    """The role may not do this."""

    status, code, title = 403, "forbidden", "Not allowed"


class NotFound(Problem):
    """No such thing, or not for this person to know of."""

    status, code, title = 404, "not_found", "Not found"


class Conflict(Problem):
    """The thing is not in a state where this can happen; a lost race says who was first."""

    status, code, title = 409, "conflict", "Conflict"


class Invalid(Problem):
    """The request's fields are wrong; `errors` is a list of {field, code, message}."""

    status, code, title = 422, "invalid", "Invalid fields"

    def __init__(self, detail: str, errors: Sequence[Mapping[str, object]] | None = None) -> None:
        super().__init__(detail, errors=[dict(error) for error in errors or []])


class TooMany(Problem):
    """Too many tries; come back after `retry_after` seconds."""

    status, code, title = 429, "too_many", "Too many requests"

    def __init__(self, detail: str, retry_after: int) -> None:
        super().__init__(detail, retry_after=retry_after)
        self.retry_after = retry_after


FAULTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    Failure,
    LookupError,
    Problem,
    TypeError,
    ValueError,
)
"""A fault of ours in one thing of many: it is logged and put aside, and the others go on."""
