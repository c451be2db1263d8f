"""Components run under real limits, in an engine process of their own."""
