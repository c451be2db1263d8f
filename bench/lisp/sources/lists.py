from functools import reduce


def map_filter_fold(n):
    return reduce(lambda a, b: a + b, [x * 3 for x in range(n) if x % 2 == 0], 0)


def conses(n):
    items = None
    while n != 0:
        n, items = n - 1, (n, items)
    return items


def list_chain(n):
    items = conses(n)
    acc = 0
    while items is not None:
        acc, items = acc + items[0], items[1]
    return acc
