"""Applications: in stages that are data, with the days each took; handed over between districts on record."""
