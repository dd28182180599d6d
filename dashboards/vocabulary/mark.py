"""The mark of words that are kept as data."""


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "translate later"
    """Mark words for translation where they are kept as data."""
    return message
