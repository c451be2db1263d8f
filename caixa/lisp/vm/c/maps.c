/* Maps and sets: entries in the order of insertion, copied when changed, indexed by hash when there are many. */
#include "machine.h"

enum { SMALL_MAP = 8 };

static uint32_t *index_of(Map *map, uint32_t *mask) {
    uint32_t slots = (map_bytes(map->head.count) - (uint32_t)sizeof(Object) - 16 * map->head.count) / 4;
    *mask = slots - 1;
    return (uint32_t *)(void *)(map->entries + 2 * (size_t)map->head.count);
}

/* Return the number of the entry under `key`, or -1. */
int32_t map_find(Map *map, Value key) {
    uint32_t count = map->head.count, mask;
    if (count <= SMALL_MAP) {
        for (uint32_t i = 0; i < count; i++) if (same(map->entries[2 * i], key, true)) return (int32_t)i;
        return -1;
    }
    uint32_t *slots = index_of(map, &mask);
    for (uint32_t at = hash_of(key) & mask; slots[at]; at = (at + 1) & mask)
        if (same(map->entries[2 * (slots[at] - 1)], key, true)) return (int32_t)slots[at] - 1;
    return -1;
}

static void index_add(uint32_t *slots, uint32_t mask, Value key, uint32_t number) {
    uint32_t at = hash_of(key) & mask;
    while (slots[at]) at = (at + 1) & mask;
    slots[at] = number + 1;
}

static void index_all(Map *map) {
    uint32_t mask;
    if (map->head.count <= SMALL_MAP) return;
    uint32_t *slots = index_of(map, &mask);
    memset(slots, 0, 4 * ((size_t)mask + 1));
    for (uint32_t i = 0; i < map->head.count; i++) index_add(slots, mask, map->entries[2 * i], i);
}

static Map *map_room(uint32_t count, Type type) { return object_new(map_bytes(count), type, count); }

/* Return a map of keys and values in turn; of equal keys the first stays, with the last value. */
Value map_new(Value *parts, uint32_t pairs, Type type) {
    Map *made = map_room(pairs, type);
    uint32_t count = 0, mask;
    uint32_t *slots = index_of(made, &mask);
    if (pairs > SMALL_MAP) memset(slots, 0, 4 * ((size_t)mask + 1));
    for (uint32_t i = 0; i < pairs; i++) {
        Value key = parts[2 * i] == EMPTY ? NIL : parts[2 * i];
        int32_t found = -1;
        if (pairs <= SMALL_MAP) {
            for (uint32_t j = 0; j < count && found < 0; j++)
                if (same(made->entries[2 * j], key, true)) found = (int32_t)j;
        } else {
            uint32_t at = hash_of(key) & mask;
            for (; slots[at] && found < 0; at = (at + 1) & mask)
                if (same(made->entries[2 * (slots[at] - 1)], key, true)) found = (int32_t)slots[at] - 1;
            if (found < 0) slots[at] = count + 1;
        }
        if (found < 0) made->entries[2 * (found = (int32_t)count++)] = key;
        made->entries[2 * found + 1] = parts[2 * i + 1];
    }
    if (count == pairs) return object(made);
    Map *shorter = map_room(count, type); /* which leaves the longer one as garbage of its own size */
    memcpy(shorter->entries, made->entries, 16 * (size_t)count);
    for (uint32_t i = 2 * count; i < 2 * pairs; i++) made->entries[i] = NIL;
    index_all(shorter);
    return object(shorter);
}

Value map_assoc(Value from, Value key, Value value) {
    if (key == EMPTY) key = NIL;
    uint32_t count = map(from)->head.count;
    int32_t found = map_find(map(from), key);
    if (found >= 0) {
        Map *made = map_room(count, (Type)map(from)->head.type);
        memcpy(made->entries, map(from)->entries, map_bytes(count) - sizeof(Object));
        made->entries[2 * found + 1] = value;
        return object(made);
    }
    Map *made = map_room(count + 1, (Type)map(from)->head.type);
    memcpy(made->entries, map(from)->entries, 16 * (size_t)count);
    made->entries[2 * (size_t)count] = key;
    made->entries[2 * (size_t)count + 1] = value;
    if (map_bytes(count + 1) - map_bytes(count) == 16 && count > SMALL_MAP) { /* the index is as large as before */
        uint32_t mask, *slots = index_of(map(from), &mask);
        uint32_t *copied = index_of(made, &mask);
        memcpy(copied, slots, 4 * ((size_t)mask + 1));
        index_add(copied, mask, key, count);
    } else index_all(made);
    return object(made);
}

Value map_dissoc(Value from, Value key) {
    int32_t found = map_find(map(from), key);
    if (found < 0) return from;
    uint32_t count = map(from)->head.count;
    Map *made = map_room(count - 1, (Type)map(from)->head.type);
    memcpy(made->entries, map(from)->entries, 16 * (size_t)found);
    memcpy(made->entries + 2 * found, map(from)->entries + 2 * (found + 1), 16 * (count - 1 - (size_t)found));
    index_all(made);
    return object(made);
}
