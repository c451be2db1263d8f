"""The compiler: core language to Python code objects (DESIGN section 4)."""
