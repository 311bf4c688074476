"""The shipped models; plain values, read by hypecheck.score."""
