"""One file for a page of the method documentation, each with its ``ROUTES``."""
