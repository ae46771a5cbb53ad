"""One file for an entity: its fields and how it is made of rows."""
