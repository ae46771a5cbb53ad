"""Who knows what, whom to ask and when, how a community does: pure arithmetic over values of its own."""
