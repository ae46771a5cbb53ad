"""Real documents of other servers, spoilt in every way, and read as a received one is."""
