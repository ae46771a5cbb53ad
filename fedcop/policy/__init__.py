"""Rules about who may do what, as functions of facts."""
