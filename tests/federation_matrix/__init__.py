"""Every activity of a community, received and sent, as its host and as a guest: one test for each cell."""
