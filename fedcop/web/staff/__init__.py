"""Pages for whoever is signed in."""
