from functools import cmp_to_key


def numbers(n):
    found, seed = [], 42
    for _ in range(n):
        found.append(seed)
        seed = (seed * 1103515245 + 12345) % 2147483648
    found.reverse()
    return found


def weigh(items):
    acc = 7
    for item in items:
        acc = (acc * 31 + item) % 1000003
    return acc


def sort_numbers(items):
    return weigh(sorted(items))


def sort_compared(items):
    return weigh(sorted(items, key=cmp_to_key(lambda a, b: -1 if a < b else 1)))
