"""Training and evaluation: the only place that needs scikit-learn, nltk and numpy."""
