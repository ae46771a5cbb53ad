"""From an activity to the inboxes that get it."""
