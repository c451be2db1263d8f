"""The typed package: slots, codecs, decoding, validation and the canonical form of (defcaixa …)."""
