/* When two values are the same, and hashes that agree with it; what remains to be compared stands on a list of
   its own and not on the stack of the machine that runs this. */
#include "machine.h"

typedef struct { Value left, right; bool exact; } Waiting;

static Waiting *waiting;
static uint32_t waiting_count, waiting_room;

static void wait_for(Value left, Value right, bool exact) {
    if (waiting_count == waiting_room) {
        uint32_t room = waiting_room ? 2 * waiting_room : 2048;
        size_t each = sizeof(Waiting);
        waiting = area_grow(waiting, waiting_count * each, waiting_room * each, room * each);
        waiting_room = room;
    }
    waiting[waiting_count++] = (Waiting){left, right, exact};
}

static bool same_string(String *left, String *right) {
    return left->head.count == right->head.count && memcmp(left->bytes, right->bytes, left->head.count) == 0;
}

bool identical(Value left, Value right) {
    if (is_float(left) || is_float(right))
        return is_float(left) && is_float(right) && bits_float(left) == bits_float(right);
    if (left == right) return true;
    if (!is_object(left) || !is_object(right)) return false;
    Object *one = address(left), *other = address(right);
    if (one->type != other->type) return false;
    if (one->type == T_INTEGER) return int_of(left) == int_of(right);
    return one->type == T_STRING && same_string(string(left), string(right));
}

static bool same_entries(Map *left, Map *right, bool exact) {
    if (left->head.count != right->head.count) return false;
    for (uint32_t i = 0; i < left->head.count; i++) {
        uint32_t before = waiting_count;
        int32_t at = map_find(right, left->entries[2 * i]);
        waiting_count = before;
        if (at < 0) return false;
        wait_for(left->entries[2 * i + 1], right->entries[2 * at + 1], exact);
    }
    return true;
}

static bool same_items(Value *left, Value *right, uint32_t count, bool exact) {
    for (uint32_t i = 0; i < count; i++) wait_for(left[i], right[i], exact);
    return true;
}

static bool same_objects(Object *left, Object *right, bool exact) {
    if (left->type != right->type) return false;
    switch ((Type)left->type) {
    case T_INTEGER: return ((Integer *)left)->value == ((Integer *)right)->value;
    case T_STRING: return same_string((String *)left, (String *)right);
    case T_PAIR:
        if (left->count != right->count) return false;
        wait_for(((Pair *)left)->cdr, ((Pair *)right)->cdr, exact);
        wait_for(((Pair *)left)->car, ((Pair *)right)->car, exact);
        return true;
    case T_VECTOR:
        return left->count == right->count
            && same_items(((Vector *)left)->items, ((Vector *)right)->items, left->count, exact);
    case T_MAP: case T_SET: return same_entries((Map *)left, (Map *)right, exact);
    case T_ERROR: return same_items(&((Error *)left)->tag, &((Error *)right)->tag, 3, exact);
    default: return false;
    }
}

static bool same_now(Value left, Value right, bool exact) {
    if (is_float(left) || is_float(right)) {
        if (!is_float(left) || !is_float(right)) return false;
        return exact ? left == right : bits_float(left) == bits_float(right);
    }
    if (left == right) return true;
    if ((left == NIL && right == EMPTY) || (left == EMPTY && right == NIL)) return true;
    return is_object(left) && is_object(right) && same_objects(address(left), address(right), exact);
}

/* Return whether two values have the same structure; `exact`: as keys, whose floats are compared by their bits. */
bool same(Value left, Value right, bool exact) {
    uint32_t before = waiting_count;
    bool result = same_now(left, right, exact);
    while (result && waiting_count > before) {
        Waiting next = waiting[--waiting_count];
        result = same_now(next.left, next.right, next.exact);
    }
    waiting_count = before;
    return result;
}

uint32_t string_hash(String *text) {
    if (text->hash) return text->hash;
    uint32_t hash = 2166136261u;
    for (uint32_t i = 0; i < text->head.count; i++) hash = (hash ^ (uint8_t)text->bytes[i]) * 16777619u;
    return text->hash = hash ? hash : 1;
}

static uint32_t mixed(uint64_t bits) {
    bits = (bits ^ bits >> 32) * 0x9E3779B97F4A7C15ull;
    return (uint32_t)(bits >> 32);
}

/* Return a hash; of what has parts only the first few count, since depth has no bound. */
uint32_t hash_of(Value value) {
    uint32_t hash = 17;
    for (int parts = 0; parts < 16; parts++) {
        if (value == EMPTY) value = NIL;
        if (!is_object(value)) return hash * 31 + mixed(value);
        Object *each = address(value);
        if (each->type == T_STRING) return hash * 31 + string_hash((String *)each);
        if (each->type == T_INTEGER) return hash * 31 + mixed((uint64_t)int_of(value));
        hash = hash * 31 + each->type + each->count;
        if (each->type == T_PAIR) {
            Value first = ((Pair *)each)->car;
            if (!is_object(first)) hash = hash * 31 + mixed(first == EMPTY ? NIL : first);
            else if (is_string(first)) hash = hash * 31 + string_hash(string(first));
            value = ((Pair *)each)->cdr;
        } else if (each->type == T_VECTOR && each->count > 0) {
            value = ((Vector *)each)->items[0];
        } else return hash;
    }
    return hash;
}
