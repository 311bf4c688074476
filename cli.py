"""`python cli.py check FILE` in a checkout; an installed hypecheck has its own command."""

from hypecheck.cli import main

if __name__ == "__main__":
    main()
