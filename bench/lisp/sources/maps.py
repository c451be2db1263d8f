def map_update(n):
    entries = {}
    while n != 0:
        entries[n * 7919 % 100003] = n
        n = n - 1
    total = 0
    for value in entries.values():
        total = total + value
    return total


def count_words(n):
    counts = {}
    for word in [x * x % 1009 for x in range(n)]:
        counts[word] = counts.get(word, 0) + 1
    return len(counts)
