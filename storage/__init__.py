"""Rows and SQL: no HTTP, no ActivityStreams."""
