"""The demo shop "Ipswich Retail": its words, pictures and the command that loads them."""
