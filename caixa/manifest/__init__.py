"""The typed package: slots, codecs, decoding, validation and the canonical form of (defcaixa …).

Nothing is imported here, so that whoever needs one part (the errors, a codec) loads no more than that.
"""
