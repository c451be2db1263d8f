/* The natives of lists, vectors, maps and sets. Where nothing is left some give nil, others the empty list. */
#include "machine.h"

#define NATIVE(name) Value native_##name(uint32_t n, Value *a)
#define ONE (void)n, (void)a
#define ITEMS(items, value) Items items; if (!items_begin(&items, value)) return raise_type("list", value)

/* What is gathered, first to last, to become a list. */
static Value *gathered;
static size_t gathered_count, gathered_room;

static void gather(Value value) {
    if (gathered_count == gathered_room) {
        size_t room = gathered_room ? 2 * gathered_room : 8192;
        gathered = area_grow(gathered, 8 * gathered_count, 8 * gathered_room, 8 * room);
        gathered_room = room;
    }
    gathered[gathered_count++] = value;
}

static Value gathered_list(Value nothing) {
    Value list = gathered_count ? list_of(gathered, (uint32_t)gathered_count) : nothing;
    gathered_count = 0;
    return list;
}

/* Return the elements `from` up to `to` as a list. */
static Value slice(Items *items, uint32_t from, uint32_t to, Value nothing) {
    for (uint32_t i = 0; items->left && i < to; i++) {
        Value next = items_next(items);
        if (i >= from) gather(next);
    }
    return gathered_list(nothing);
}

static Value as_nil(Value list) { return list == EMPTY ? NIL : list; }

static Value without_items(const char *function, Value value) {
    Text text = {0};
    if (value != NIL && value != EMPTY && !is_type(value, T_VECTOR)) return raise_type("pair", value);
    text_string(&text, function);
    text_string(&text, " of empty list");
    text_add(&text, "", 1);
    Value failed = raise_native(function, text.bytes);
    text_free(&text);
    return failed;
}

static bool has_items(Value value) {
    return is_pair(value) || (is_type(value, T_VECTOR) && vector(value)->head.count > 0);
}

Value native_car(Value value) {
    if (!has_items(value)) return without_items("car", value);
    return is_pair(value) ? car(value) : vector(value)->items[0];
}

Value native_cdr(Value value) {
    if (!has_items(value)) return without_items("cdr", value);
    if (is_pair(value)) return as_nil(cdr(value));
    return as_nil(list_of(vector(value)->items + 1, vector(value)->head.count - 1));
}

Value native_cons(Value item, Value items) {
    if (items == NIL || is_list(items)) return cons(item, items);
    if (is_type(items, T_VECTOR)) return cons(item, list_of(vector(items)->items, vector(items)->head.count));
    Items set;
    if (items_begin(&set, items)) return cons(item, slice(&set, 0, UINT32_MAX, EMPTY));
    return cons(item, cons(items, EMPTY));
}

static Value nth_rest(Value value, int steps) {
    for (; steps > 0 && value != FAILED; steps--) value = native_cdr(value);
    return value == FAILED ? FAILED : native_car(value);
}

NATIVE(car_of) { ONE; return native_car(a[0]); }
NATIVE(cdr_of) { ONE; return native_cdr(a[0]); }
NATIVE(cons_of) { ONE; return native_cons(a[0], a[1]); }
NATIVE(second) { ONE; return nth_rest(a[0], 1); }
NATIVE(third) { ONE; return nth_rest(a[0], 2); }
NATIVE(list) { return list_of(a, n); }

NATIVE(vector_of) {
    Value made = make_vector(n);
    memcpy(vector(made)->items, a, 8 * (size_t)n);
    return made;
}

NATIVE(to_vector) {
    ONE;
    if (is_type(a[0], T_VECTOR)) return a[0];
    ITEMS(items, a[0]);
    Value made = make_vector(items.left);
    for (uint32_t i = 0; items.left; i++) vector(made)->items[i] = items_next(&items);
    return made;
}

NATIVE(to_list) {
    ONE;
    if (is_list(a[0])) return a[0];
    ITEMS(items, a[0]);
    return slice(&items, 0, UINT32_MAX, EMPTY);
}

NATIVE(sequence_list) { return native_to_list(n, a); }

NATIVE(vector_length) {
    ONE;
    return is_type(a[0], T_VECTOR) ? small_int(vector(a[0])->head.count) : raise_type("vector", a[0]);
}

NATIVE(vector_ref) {
    ONE;
    if (!is_type(a[0], T_VECTOR)) return raise_type("vector", a[0]);
    if (!is_int(a[1])) return raise_type("integer", a[1]);
    int64_t at = int_of(a[1]);
    if (at >= 0 && at < vector(a[0])->head.count) return vector(a[0])->items[at];
    Text text = {0};
    text_string(&text, "there is no element ");
    text_value(&text, a[1], true);
    text_string(&text, " in a vector of ");
    text_value(&text, small_int(vector(a[0])->head.count), true);
    text_add(&text, "", 1);
    Value failed = raise_native("vector-ref", text.bytes);
    text_free(&text);
    return failed;
}

NATIVE(length) {
    ONE;
    ITEMS(items, a[0]);
    return small_int(items.left);
}

NATIVE(count_of) {
    ONE;
    Items items;
    if (is_string(a[0])) return small_int(string(a[0])->characters);
    if (is_type(a[0], T_MAP)) return small_int(map(a[0])->head.count);
    if (!items_begin(&items, a[0])) return raise_type("list, vector, set, map or string", a[0]);
    return small_int(items.left);
}

NATIVE(reverse) {
    ONE;
    if (a[0] == NIL) return NIL;
    ITEMS(items, a[0]);
    Value list = EMPTY;
    while (items.left) list = cons(items_next(&items), list);
    return list;
}

NATIVE(append) {
    for (uint32_t i = 0; i < n; i++) {
        Items items;
        if (!items_begin(&items, a[i])) return gathered_count = 0, raise_type("list", a[i]);
        while (items.left) gather(items_next(&items));
    }
    return gathered_list(NIL);
}

/* Put a number of elements, at least 0, into `count`; false once it has raised. */
static bool element_count(Value value, uint32_t *count) {
    if (!is_int(value)) return raise_type("integer", value), false;
    int64_t number = int_of(value);
    *count = number < 0 ? 0 : number > UINT32_MAX ? UINT32_MAX : (uint32_t)number;
    return true;
}

NATIVE(take) { /* the list is looked at first */
    ONE;
    uint32_t count;
    ITEMS(items, a[1]);
    return element_count(a[0], &count) ? slice(&items, 0, count, EMPTY) : FAILED;
}

NATIVE(drop) { /* here it is the number */
    ONE;
    uint32_t count;
    if (!element_count(a[0], &count)) return FAILED;
    Value list = a[1];
    if (is_list(list)) {
        for (; count > 0 && is_pair(list); count--) list = cdr(list);
        return list;
    }
    ITEMS(items, a[1]);
    return slice(&items, count, UINT32_MAX, EMPTY);
}

NATIVE(nth) {
    ONE;
    if (!is_int(a[0])) return raise_type("integer", a[0]);
    ITEMS(items, a[1]);
    int64_t at = int_of(a[0]);
    if (at < 0 || at >= items.left) return NIL;
    for (; at > 0; at--) items_next(&items);
    return items_next(&items);
}

NATIVE(safe_nth) {
    if (is_int(a[0]) && int_of(a[0]) < 0) a[0] = small_int(0);
    return native_nth(n, a);
}

NATIVE(last) {
    ONE;
    if (!has_items(a[0])) return without_items("last", a[0]);
    ITEMS(items, a[0]);
    while (items.left > 1) items_next(&items);
    return items_next(&items);
}

NATIVE(butlast) {
    ONE;
    if (!has_items(a[0])) return without_items("butlast", a[0]);
    ITEMS(items, a[0]);
    return slice(&items, 0, items.left - 1, NIL);
}

static int64_t place_in(Items *items, Value item) {
    for (uint32_t at = 0; items->left; at++) if (same(item, items_next(items), false)) return at;
    return -1;
}

NATIVE(position) {
    ONE;
    ITEMS(items, a[1]);
    return small_int(place_in(&items, a[0]));
}

NATIVE(is_member) {
    ONE;
    if (is_type(a[1], T_SET)) return boolean(map_find(map(a[1]), a[0]) >= 0);
    ITEMS(items, a[1]);
    return boolean(place_in(&items, a[0]) >= 0);
}

NATIVE(distinct) {
    ONE;
    ITEMS(items, a[0]);
    while (items.left) {
        Value next = items_next(&items);
        size_t at = 0;
        while (at < gathered_count && !same(next, gathered[at], false)) at++;
        if (at == gathered_count) gather(next);
    }
    return gathered_list(EMPTY);
}

NATIVE(flatten) {
    ONE;
    ITEMS(items, a[0]);
    Value waiting = cons(is_pair(a[0]) || is_type(a[0], T_VECTOR) ? a[0] : slice(&items, 0, UINT32_MAX, EMPTY), EMPTY);
    while (is_pair(waiting)) { /* a list of what is still to be flattened */
        Value next = car(waiting);
        waiting = cdr(waiting);
        if (is_type(next, T_VECTOR)) next = list_of(vector(next)->items, vector(next)->head.count);
        if (is_pair(next)) waiting = cons(car(next), cons(cdr(next), waiting));
        else if (next != NIL && next != EMPTY) gather(next);
    }
    return gathered_list(NIL);
}

/* Put into `all` the `n` sequences, and into `rows` the length of the shortest. */
static bool parallel(uint32_t n, Value *a, Items *all, uint32_t *rows) {
    *rows = UINT32_MAX;
    for (uint32_t i = 0; i < n; i++) {
        if (!items_begin(&all[i], a[i])) return raise_type("list", a[i]), false;
        if (all[i].left < *rows) *rows = all[i].left;
    }
    return true;
}

NATIVE(zip) {
    Items all[16];
    uint32_t rows;
    if (n > 16) return raise_native("zip", "more than 16 lists");
    if (!parallel(n, a, all, &rows)) return FAILED;
    Value row[16];
    for (; rows > 0; rows--) {
        for (uint32_t i = 0; i < n; i++) row[i] = items_next(&all[i]);
        gather(list_of(row, n));
    }
    return gathered_list(EMPTY);
}

NATIVE(interleave) {
    Items all[16];
    uint32_t rows;
    if (n > 16) return raise_native("interleave", "more than 16 lists");
    if (!parallel(n, a, all, &rows)) return FAILED;
    for (; rows > 0; rows--) for (uint32_t i = 0; i < n; i++) gather(items_next(&all[i]));
    return gathered_list(NIL);
}

NATIVE(intersperse) {
    ONE;
    ITEMS(items, a[1]);
    while (items.left) {
        if (gathered_count) gather(a[0]);
        gather(items_next(&items));
    }
    return gathered_list(NIL);
}

NATIVE(plist_get) {
    ONE;
    ITEMS(items, a[0]);
    while (items.left > 1) {
        Value name = items_next(&items), value = items_next(&items);
        if (same(name, a[1], false)) return value;
    }
    return NIL;
}

NATIVE(unwrap_or) { ONE; return a[0] == NIL || a[0] == EMPTY ? a[1] : a[0]; }

NATIVE(repeat_list) {
    ONE;
    uint32_t count;
    if (!element_count(a[1], &count)) return FAILED;
    if (count > 50000000) return raise_native("repeat-list", "a list of more than 50,000,000 elements");
    Value list = EMPTY;
    for (; count > 0; count--) list = cons(a[0], list);
    return as_nil(list);
}

/* Return the arguments before the last, then the elements of the last: what `apply` calls with. */
NATIVE(spread) {
    Items items;
    if (!items_begin(&items, a[n - 1])) return raise_type("list (last arg of apply)", a[n - 1]);
    for (uint32_t i = 0; i + 1 < n; i++) gather(a[i]);
    while (items.left) gather(items_next(&items));
    return gathered_list(EMPTY);
}

/* Return the elements of templates' segments as one list, nil if there are none. */
NATIVE(spliced) {
    for (uint32_t i = 0; i < n; i++) {
        Items items;
        if (is_type(a[i], T_SET) || !items_begin(&items, a[i])) return gathered_count = 0, raise_type("list", a[i]);
        while (items.left) gather(items_next(&items));
    }
    return gathered_list(NIL);
}

/* Return a vector of the first elements and, if more are taken, of the list of the others. */
NATIVE(destructure) {
    ONE;
    uint32_t count = (uint32_t)small(a[1]);
    bool takes_rest = a[2] != FALSE;
    Items items;
    if (is_type(a[0], T_SET) || !items_begin(&items, a[0])) return raise_type("list", a[0]);
    if (items.left < count || (items.left > count && !takes_rest)) {
        Text text = {0};
        text_string(&text, takes_rest ? "the pattern takes at least " : "the pattern takes ");
        text_value(&text, a[1], true);
        text_string(&text, " elements, the list has ");
        text_value(&text, small_int(items.left), true);
        text_add(&text, "", 1);
        raise_native("let", text.bytes);
        text_free(&text);
        return FAILED;
    }
    Value made = make_vector(count + takes_rest);
    for (uint32_t i = 0; i < count; i++) vector(made)->items[i] = items_next(&items);
    if (takes_rest) vector(made)->items[count] = slice(&items, 0, UINT32_MAX, EMPTY);
    return made;
}

/* -- maps and sets --------------------------------------------------------------------------------------- */

#define MAP(value) if (!is_type(value, T_MAP)) return raise_type("map", value)

NATIVE(hash_map) {
    if (n % 2) return raise_native("hash-map", "expected even number of args (k v k v ...)");
    return map_new(a, n / 2, T_MAP);
}

static Value new_set(Value *items, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) { gather(items[i]); gather(TRUE); }
    Value made = map_new(gathered, count, T_SET);
    gathered_count = 0;
    return made;
}

NATIVE(set_of) { return new_set(a, n); }
NATIVE(map_count) { ONE; MAP(a[0]); return small_int(map(a[0])->head.count); }
NATIVE(is_map_empty) { ONE; MAP(a[0]); return boolean(map(a[0])->head.count == 0); }
NATIVE(map_has) { ONE; MAP(a[0]); return boolean(map_find(map(a[0]), a[1]) >= 0); }

static Value found(Value from, Value key, Value otherwise) {
    int32_t at = map_find(map(from), key);
    return at < 0 ? otherwise : map(from)->entries[2 * at + 1];
}

NATIVE(map_get) { ONE; MAP(a[0]); return found(a[0], a[1], NIL); }
NATIVE(map_get_or) { ONE; MAP(a[0]); return found(a[0], a[1], a[2]); }
NATIVE(map_set) { ONE; MAP(a[0]); return map_assoc(a[0], a[1], a[2]); }
NATIVE(map_remove) { ONE; MAP(a[0]); return map_dissoc(a[0], a[1]); }

static Value every_other(Value from, uint32_t first) {
    for (uint32_t i = first; i < 2 * map(from)->head.count; i += 2) gather(map(from)->entries[i]);
    return gathered_list(EMPTY);
}

NATIVE(map_keys) { ONE; MAP(a[0]); return every_other(a[0], 0); }
NATIVE(map_values) { ONE; MAP(a[0]); return every_other(a[0], 1); }

NATIVE(map_entries) {
    ONE;
    MAP(a[0]);
    for (uint32_t i = 0; i < map(a[0])->head.count; i++) gather(list_of(map(a[0])->entries + 2 * i, 2));
    return gathered_list(EMPTY);
}

NATIVE(map_merge) {
    MAP(a[0]);
    if (n == 1) return a[0];
    for (uint32_t i = 0; i < n; i++) {
        if (!is_type(a[i], T_MAP)) return gathered_count = 0, raise_type("map", a[i]);
        for (uint32_t j = 0; j < 2 * map(a[i])->head.count; j++) gather(map(a[i])->entries[j]);
    }
    Value made = map_new(gathered, (uint32_t)gathered_count / 2, T_MAP);
    gathered_count = 0;
    return made;
}

NATIVE(into_map) {
    ONE;
    ITEMS(items, a[0]);
    Items first = items;
    Value head = items.left ? items_next(&first) : NIL;
    bool are_pairs = is_pair(head) && pair(head)->head.count == 2;
    while (items.left) {
        Value next = items_next(&items);
        if (!are_pairs) { gather(next); continue; }
        Items parts;
        if (!items_begin(&parts, next)) return gathered_count = 0, raise_type("list", next);
        if (parts.left != 2) {
            Text text = {0};
            text_string(&text, "expected a pair, got ");
            text_value(&text, small_int(parts.left), true);
            text_string(&text, " elements");
            text_add(&text, "", 1);
            raise_native("into-hash-map", text.bytes);
            text_free(&text);
            return gathered_count = 0, FAILED;
        }
        gather(items_next(&parts));
        gather(items_next(&parts));
    }
    uint32_t count = (uint32_t)gathered_count;
    gathered_count = 0;
    return native_hash_map(count, gathered);
}

NATIVE(select_keys) {
    ONE;
    MAP(a[0]);
    ITEMS(items, a[1]);
    while (items.left) {
        Value key = items_next(&items);
        int32_t at = map_find(map(a[0]), key);
        if (at < 0) continue;
        gather(key);
        gather(map(a[0])->entries[2 * at + 1]);
    }
    Value made = map_new(gathered, (uint32_t)gathered_count / 2, T_MAP);
    gathered_count = 0;
    return made;
}

static bool has_index(Value of, Value key) {
    return is_int(key) && int_of(key) >= 0 && int_of(key) < vector(of)->head.count;
}

NATIVE(get) {
    Value otherwise = n == 3 ? a[2] : NIL;
    if (is_type(a[0], T_MAP)) return found(a[0], a[1], otherwise);
    if (is_type(a[0], T_VECTOR)) return has_index(a[0], a[1]) ? vector(a[0])->items[int_of(a[1])] : otherwise;
    if (is_type(a[0], T_SET)) return map_find(map(a[0]), a[1]) >= 0 ? a[1] : otherwise;
    return raise_type("map", a[0]);
}

NATIVE(contains) {
    ONE;
    if (is_type(a[0], T_VECTOR)) return boolean(has_index(a[0], a[1]));
    if (!is_type(a[0], T_SET)) MAP(a[0]);
    return boolean(map_find(map(a[0]), a[1]) >= 0);
}

static Value vector_assoc(Value from, Value key, Value value) {
    if (!is_int(key)) return raise_type("integer", key);
    uint32_t count = vector(from)->head.count;
    int64_t at = int_of(key);
    if (at < 0 || at > count) {
        Text text = {0};
        text_string(&text, "there is no element ");
        text_value(&text, key, true);
        text_string(&text, " in a vector of ");
        text_value(&text, small_int(count), true);
        text_add(&text, "", 1);
        raise_native("assoc", text.bytes);
        text_free(&text);
        return FAILED;
    }
    Value made = make_vector(at == count ? count + 1 : count);
    memcpy(vector(made)->items, vector(from)->items, 8 * (size_t)count);
    vector(made)->items[at] = value;
    return made;
}

NATIVE(assoc) {
    if (n % 2 == 0) return raise_native("assoc", "a key is without a value");
    Value changed = a[0];
    for (uint32_t i = 1; i < n && changed != FAILED; i += 2) {
        if (is_type(changed, T_VECTOR)) changed = vector_assoc(changed, a[i], a[i + 1]);
        else if (is_type(changed, T_MAP)) changed = map_assoc(changed, a[i], a[i + 1]);
        else return raise_type("map", changed);
    }
    return changed;
}

NATIVE(dissoc) {
    MAP(a[0]);
    Value changed = a[0];
    for (uint32_t i = 1; i < n; i++) changed = map_dissoc(changed, a[i]);
    return changed;
}
