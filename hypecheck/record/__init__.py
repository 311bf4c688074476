"""The dated regulatory record: what a regulator did, to which substance, where and when."""
