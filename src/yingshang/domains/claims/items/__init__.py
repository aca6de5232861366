"""Claim items (兑现事项) and fields of expertise as packs declare them."""
