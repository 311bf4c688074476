"""Checks that need more than a sentence: pure functions of a document's scored lines."""
