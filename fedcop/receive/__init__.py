"""What a peer's activities change here, one file a type."""
