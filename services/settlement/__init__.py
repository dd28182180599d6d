"""Settlement: a month's run, statements through their states, the chain of what was issued, money that came back."""
