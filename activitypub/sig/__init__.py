"""Signatures of requests (draft-cavage, RFC 9421) and of documents (FEP-8b32), and the keys behind them."""
