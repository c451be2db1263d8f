def tail_loop(n):
    acc = 0
    while n != 0:
        n, acc = n - 1, acc + n
    return acc


def make_counter():
    count = 0

    def step():
        nonlocal count
        count = count + 1
        return count

    return step


def use_counter(counter, turns):
    while turns != 1:
        counter()
        turns = turns - 1
    return counter()


def closures(n):
    total = 0
    while n != 0:
        n, total = n - 1, total + use_counter(make_counter(), 10)
    return total
