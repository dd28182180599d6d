"""The search for a day's plan: `solve(problem)` is the same for a benchmark and for a district."""
