"""Tests of what peers' activities change."""
