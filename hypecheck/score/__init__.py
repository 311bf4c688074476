"""From sentences to calibrated phrases: loading a model, features, scoring, spans."""
