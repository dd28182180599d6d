"""Settlement: a month's run, statements through their states, their chain, money that came back."""
