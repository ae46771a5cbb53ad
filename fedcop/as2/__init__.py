"""Between rows and the wire: each type both ways in one file."""
