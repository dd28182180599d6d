"""How long it takes from here to there: great circle by default, a router's answers where one is set."""
