import json


def document(n):
    return json.dumps([{"id": i, "name": f"item {i}", "price": i * 3, "tags": ["a", "b"]} for i in range(n)])


def dearer(row):
    return {**row, "price": 2 * row["price"]}


def json_transform(text):
    rows = [row for row in json.loads(text) if row["id"] % 2 == 0]
    acc = 0
    for row in json.loads(json.dumps([dearer(row) for row in rows])):
        acc = acc + row["price"]
    return acc
