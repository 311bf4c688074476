"""The shipped models, a folder each; read by hypecheck.score."""
