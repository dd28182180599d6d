"""`python -m services`: the services role."""

from core.role import main
from services.run import run

if __name__ == "__main__":
    main("services", run)
