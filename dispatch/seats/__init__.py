"""The operator's seat: who looks at what, who has which case, and how it passes to somebody else."""
