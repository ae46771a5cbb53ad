"""How nodes find people and learn of each other: WebFinger and NodeInfo."""
