"""What measuring takes: a portal in processes of its own, what they cost, and a client that is none of them."""
