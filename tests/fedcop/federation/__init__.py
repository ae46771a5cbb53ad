"""Tests of the door for other servers."""
