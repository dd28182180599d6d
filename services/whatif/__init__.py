"""A draft scheme against the real people and visits of the months past: cost, who gains, who loses."""
