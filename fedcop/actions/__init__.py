"""What people and facilitators do: one action, one write transaction."""
