"""Gaps in the cover: found before the night, opened once, closed by themselves when they are covered."""
