"""What strangers may read, where the configuration lets them."""
