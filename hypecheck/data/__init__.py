"""Data that the package reads at run time: category documents and standards."""
