/* Making objects, names, and going through sequences. */
#include "machine.h"

Value make_integer(int64_t n) {
    Integer *made = object_new(sizeof(Integer), T_INTEGER, 0);
    made->value = n;
    return object(made);
}

Value make_int(int64_t n) { return fits_small(n) ? small_int(n) : make_integer(n); }

Value cons(Value head, Value tail) {
    Pair *made = object_new(sizeof(Pair), T_PAIR, is_pair(tail) ? pair(tail)->head.count + 1 : 1);
    made->car = head;
    made->cdr = is_pair(tail) ? tail : EMPTY;
    return object(made);
}

Value make_string(const char *bytes, uint32_t count) {
    String *made = object_new(sizeof(String) + count, T_STRING, count);
    made->hash = 0;
    made->characters = 0;
    memcpy(made->bytes, bytes, count);
    for (uint32_t i = 0; i < count; i++) made->characters += (bytes[i] & 0xC0) != 0x80;
    return object(made);
}

Value make_text(const char *text) { return make_string(text, (uint32_t)strlen(text)); }

Value make_vector(uint32_t count) {
    Vector *made = object_new(sizeof(Vector) + 8 * (size_t)count, T_VECTOR, count);
    for (uint32_t i = 0; i < count; i++) made->items[i] = NIL;
    return object(made);
}

Value list_of(Value *items, uint32_t count) {
    Value list = EMPTY;
    while (count > 0) list = cons(items[--count], list);
    return list;
}

/* -- sequences: lists, nil, vectors and sets ------------------------------------------------------------- */

bool items_begin(Items *items, Value value) {
    *items = (Items){EMPTY, NULL, 0, 0, NULL};
    if (value == NIL || value == EMPTY) return true;
    if (!is_object(value)) return false;
    Object *each = address(value);
    items->left = each->count;
    if (each->type == T_PAIR) items->rest = value;
    else if (each->type == T_VECTOR) items->items = (Vector *)each;
    else if (each->type == T_SET) items->set = (Map *)each;
    else return false;
    return true;
}

Value items_next(Items *items) {
    Value next;
    if (items->items != NULL) next = items->items->items[items->at++];
    else if (items->set != NULL) next = items->set->entries[2 * items->at++];
    else {
        next = car(items->rest);
        items->rest = cdr(items->rest);
    }
    items->left--;
    return next;
}

/* -- names: each symbol and keyword is a number, its text in memory that is never freed -------------------- */

static String **names;
static uint32_t *buckets, name_count, name_room, bucket_count;

static void names_grow(void) {
    uint32_t room = name_room ? 2 * name_room : 1024;
    names = area_grow(names, 4 * (size_t)name_count, 4 * (size_t)name_room, 4 * (size_t)room);
    if (buckets != NULL) pages_free(buckets, 4 * (size_t)bucket_count);
    bucket_count = 2 * room;
    buckets = pages_new(4 * (size_t)bucket_count);
    memset(buckets, 0, 4 * (size_t)bucket_count);
    for (uint32_t i = 0; i < name_count; i++) {
        uint32_t at = names[i]->hash & (bucket_count - 1);
        while (buckets[at]) at = (at + 1) & (bucket_count - 1);
        buckets[at] = i + 1;
    }
    name_room = room;
}

/* Return the symbol or keyword called `text`, a string. */
Value intern(Value value, uint32_t tag) {
    if (name_count == name_room) names_grow();
    String *text = string(value);
    uint32_t hash = string_hash(text), at = hash & (bucket_count - 1);
    for (; buckets[at]; at = (at + 1) & (bucket_count - 1)) {
        String *known = names[buckets[at] - 1];
        if (known->hash == hash && known->head.count == text->head.count
            && memcmp(known->bytes, text->bytes, text->head.count) == 0)
            return BOX(tag, buckets[at] - 1);
    }
    String *kept = fixed_new(sizeof(String) + text->head.count);
    memcpy(kept, text, sizeof(String) + text->head.count);
    names[name_count] = kept;
    buckets[at] = ++name_count;
    return BOX(tag, name_count - 1);
}

Value intern_text(const char *text, uint32_t tag) { return intern(make_text(text), tag); }

Value name_of(Value name) {
    String *known = names[LOW(name)];
    return make_string(known->bytes, known->head.count);
}

String *EXPORT(name_at)(uint32_t index) { return index < name_count ? names[index] : NULL; }
