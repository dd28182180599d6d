"""The sound of a pretended recording."""

import io
import wave

_RATE = 8000


def silence(seconds: int) -> bytes:
    """Return a WAV of a pretended conversation: nobody speaks, and it has the right length."""
    sound = io.BytesIO()
    with wave.open(sound, "wb") as file:
        file.setparams((1, 1, _RATE, 0, "NONE", "not compressed"))
        file.writeframes(b"\x80" * _RATE * min(seconds, 600))
    return sound.getvalue()
