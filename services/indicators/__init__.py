"""The figures that districts publish each half-year: defined once, counted from rows, then frozen."""
