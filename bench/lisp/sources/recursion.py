def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def tak(x, y, z):
    return z if not y < x else tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y))


def tak_of(n):
    return tak(n, 2 * n // 3, n // 3)


def down_even(n):
    return 1 if n == 0 else down_odd(n - 1)


def down_odd(n):
    return 0 if n == 0 else down_even(n - 1)


def mutual(n):
    total = 0
    for turns in range(n, 0, -1):
        total = total + down_even(400 + turns)
    return total
