"""Pages of those who facilitate a community: what needs them."""
