"""`python -m dashboards`: the web role."""

from core.role import main
from dashboards.run import run

if __name__ == "__main__":
    main("web", run)
