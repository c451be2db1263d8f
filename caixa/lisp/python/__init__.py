"""Python beside Lisp: values that cross, errors that cross, and names that both share."""
