"""What people do from end to end, across nodes; each test says which requests that takes, and no others."""
