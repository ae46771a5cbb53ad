"""Sign-in, invitations and the consent page."""
