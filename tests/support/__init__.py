"""What tests of several nodes share: a router between them, a clock, people, foreign peers."""
