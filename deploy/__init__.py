"""How it is run: the console script, the embedded installation, compose, checks; nothing imports it."""
