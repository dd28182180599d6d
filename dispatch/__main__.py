"""`python -m dispatch`: the dispatch role."""

from core.role import main
from dispatch.run import run

if __name__ == "__main__":
    main("dispatch", run)
