def macros(n):
    acc = 0
    while n != 0:
        value = n < 0
        square = value if value else n  # as the macros expand
        inner = n < 0
        other = inner if inner else n < 0  # likewise
        last = other if other else 1  # likewise
        n, acc = n - 1, acc + (square * square + (last + 1))
    return acc
