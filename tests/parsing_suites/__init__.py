"""The published parsing suites, each case delivered to an inbox and read in a client."""
