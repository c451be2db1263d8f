def append_strings(n):
    text = ""
    while n != 0:
        text = text + str(n) + ","
        n = n - 1
    return len(text)


def join_strings(n):
    return len(",".join([str(number) for number in range(n)]))
