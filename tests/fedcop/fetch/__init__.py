"""Tests of what is fetched."""
