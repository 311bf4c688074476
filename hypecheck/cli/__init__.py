"""The command line."""

from hypecheck.cli.app import app, main

__all__ = ["app", "main"]
