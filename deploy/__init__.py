"""What an administrator puts a node into service with, and what makes the archive to install it from."""
