/* The natives: numbers, predicates and errors. A native raises by returning what raise_… returns. */
#include "machine.h"
#include <math.h>

#define NATIVE(name) Value native_##name(uint32_t n, Value *a)
#define ONE (void)n, (void)a

/* -- numbers --------------------------------------------------------------------------------------------- */

Value divide(Value left, Value right);
Value integer_part(double (*rounded)(double), Value number);
Value power(Value base, int64_t exponent);

static Value folded(Value (*operation)(Value, Value), Value total, uint32_t n, Value *a) {
    for (uint32_t i = 0; i < n && total != FAILED; i++) total = operation(total, a[i]);
    return total;
}

static Value number(Value value) { return is_number(value) ? value : raise_type("number", value); }

NATIVE(plus) { return n == 1 ? number(a[0]) : folded(add, small_int(0), n, a); }
NATIVE(times) { return folded(multiply, small_int(1), n, a); }
NATIVE(over) { return n == 1 ? divide(make_float(1), a[0]) : folded(divide, a[0], n - 1, a + 1); }

static Value negated(Value value) {
    if (is_float(value)) return make_float(-bits_float(value));
    return is_int(value) ? subtract(small_int(0), value) : raise_type("number", value);
}

NATIVE(minus) { return n == 1 ? negated(a[0]) : folded(subtract, a[0], n - 1, a + 1); }

/* Put two integers into `numbers`; false, once it has raised, for anything else or a divisor of 0. */
static bool division(Value *a, int64_t *numbers) {
    if (!is_int(a[0])) return raise_type("integer", a[0]), false;
    if (!is_int(a[1])) return raise_type("integer", a[1]), false;
    numbers[0] = int_of(a[0]);
    numbers[1] = int_of(a[1]);
    return numbers[1] != 0 || (raise_tagged("division-by-zero", "division by zero"), false);
}

NATIVE(modulo) {
    ONE;
    int64_t of[2];
    if (!division(a, of)) return FAILED;
    if (of[1] == -1 || of[1] == 1) return small_int(0);
    int64_t rest = of[0] % of[1];
    return make_int(rest < 0 ? (of[1] < 0 ? rest - of[1] : rest + of[1]) : rest);
}

NATIVE(quotient) {
    ONE;
    int64_t of[2];
    if (!division(a, of)) return FAILED;
    return of[1] == -1 ? subtract(small_int(0), a[0]) : make_int(of[0] / of[1]);
}

NATIVE(remainder_of) {
    ONE;
    int64_t of[2];
    if (!division(a, of)) return FAILED;
    return of[1] == -1 ? small_int(0) : make_int(of[0] % of[1]);
}

NATIVE(absolute) {
    ONE;
    if (is_float(a[0])) return make_float(fabs(bits_float(a[0])));
    return is_int(a[0]) && int_of(a[0]) >= 0 ? a[0] : negated(a[0]);
}

NATIVE(inc) { ONE; return add(a[0], small_int(1)); }
NATIVE(dec) { ONE; return subtract(a[0], small_int(1)); }
NATIVE(square) { ONE; return multiply(a[0], a[0]); }

static Value extreme(uint32_t n, Value *a, bool greatest) {
    Value chosen = NIL;
    bool has_float = false;
    for (uint32_t i = 0; i < n; i++) {
        if (!is_number(a[i])) return raise_type("number", a[i]);
        has_float |= is_float(a[i]);
        if (float_of(a[i]) != float_of(a[i])) continue;
        if (chosen == NIL || compare_numbers(greatest ? chosen : a[i], greatest ? a[i] : chosen, 1) == 1) chosen = a[i];
    }
    if (chosen == NIL) return a[0];
    return has_float ? make_float(float_of(chosen)) : chosen;
}

NATIVE(minimum) { return extreme(n, a, false); }
NATIVE(maximum) { return extreme(n, a, true); }

static uint64_t magnitude(Value value) {
    int64_t number = int_of(value);
    return number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
}

static uint64_t common(uint64_t one, uint64_t other) {
    while (other) {
        uint64_t rest = one % other;
        one = other;
        other = rest;
    }
    return one;
}

static Value from_magnitude(uint64_t number) {
    return number >> 63 ? raise_tagged("integer-overflow", "this integer would need more than 64 bits")
                        : make_int((int64_t)number);
}

NATIVE(gcd) {
    uint64_t result = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (!is_int(a[i])) return raise_type("integer", a[i]);
        result = common(result, magnitude(a[i]));
    }
    return from_magnitude(result);
}

NATIVE(lcm) {
    uint64_t result = 1;
    for (uint32_t i = 0; i < n; i++) {
        if (!is_int(a[i])) return raise_type("integer", a[i]);
        uint64_t other = magnitude(a[i]), divisor = common(result, other);
        if (divisor == 0) result = 0;
        else if (__builtin_mul_overflow(result, other / divisor, &result)) return from_magnitude(UINT64_MAX);
    }
    return from_magnitude(result);
}

NATIVE(floor_of) { ONE; return integer_part(floor, a[0]); }
NATIVE(ceiling) { ONE; return integer_part(ceil, a[0]); }
NATIVE(truncate_of) { ONE; return integer_part(trunc, a[0]); }
NATIVE(round_of) { ONE; return integer_part(round, a[0]); }
NATIVE(inexact) { ONE; return is_number(a[0]) ? make_float(float_of(a[0])) : raise_type("number", a[0]); }
NATIVE(is_nan) { ONE; return is_number(a[0]) ? boolean(float_of(a[0]) != float_of(a[0])) : raise_type("number", a[0]); }
NATIVE(square_root) { ONE; return is_number(a[0]) ? make_float(sqrt(float_of(a[0]))) : raise_type("number", a[0]); }
NATIVE(expt_int) { ONE; return power(a[0], int_of(a[1])); }
NATIVE(expt_float) { ONE; return make_float(pow(float_of(a[0]), float_of(a[1]))); }

static Value chained(uint32_t n, Value *a, int operation, bool turned) {
    for (uint32_t i = 0; i + 1 < n; i++) {
        int holds = compare_numbers(a[turned ? i + 1 : i], a[turned ? i : i + 1], operation);
        if (holds < 1) return holds < 0 ? FAILED : FALSE;
    }
    return TRUE;
}

NATIVE(num_equal) { return chained(n, a, 0, false); }
NATIVE(less) { return chained(n, a, 1, false); }
NATIVE(greater) { return chained(n, a, 1, true); }
NATIVE(less_equal) { return chained(n, a, 2, false); }
NATIVE(greater_equal) { return chained(n, a, 2, true); }

static Value against_zero(Value value, int operation, bool turned) {
    Value pair[2] = {value, small_int(0)};
    return chained(2, pair, operation, turned);
}

NATIVE(is_zero) { ONE; return against_zero(a[0], 0, false); }
NATIVE(is_positive) { ONE; return against_zero(a[0], 1, true); }
NATIVE(is_negative) { ONE; return against_zero(a[0], 1, false); }
NATIVE(is_even) { ONE; return is_int(a[0]) ? boolean(!(int_of(a[0]) & 1)) : raise_type("integer", a[0]); }
NATIVE(is_odd) { ONE; return is_int(a[0]) ? boolean(int_of(a[0]) & 1) : raise_type("integer", a[0]); }

static Value bits(uint32_t n, Value *a, char operation) {
    int64_t result = operation == '&' ? -1 : 0;
    for (uint32_t i = 0; i < n; i++) {
        if (!is_int(a[i])) return raise_type("integer", a[i]);
        int64_t next = int_of(a[i]);
        result = operation == '&' ? result & next : operation == '|' ? result | next : result ^ next;
    }
    return make_int(result);
}

NATIVE(bit_and) { return bits(n, a, '&'); }
NATIVE(bit_or) { return bits(n, a, '|'); }
NATIVE(bit_xor) { return bits(n, a, '^'); }

/* -- equality, order and kinds ---------------------------------------------------------------------------- */

NATIVE(is_identical) { ONE; return boolean(identical(a[0], a[1])); }
NATIVE(is_equal) { ONE; return boolean(same(a[0], a[1], false)); }
NATIVE(is_not_equal) { ONE; return boolean(!same(a[0], a[1], false)); }

int string_order(Value left, Value right) {
    String *one = string(left), *other = string(right);
    uint32_t shorter = one->head.count < other->head.count ? one->head.count : other->head.count;
    int order = memcmp(one->bytes, other->bytes, shorter);
    if (order == 0) order = (one->head.count > other->head.count) - (one->head.count < other->head.count);
    return (order > 0) - (order < 0);
}

static bool is_named(Value value) { return TAG(value) == TAG_SYMBOL || TAG(value) == TAG_KEYWORD; }

static bool is_ordered(Value value) {
    return is_number(value) || is_string(value) || is_named(value) || TAG(value) == TAG_CHAR;
}

NATIVE(compare) {
    ONE;
    if (is_number(a[0]) && is_number(a[1]))
        return small_int(compare_numbers(a[1], a[0], 1) - compare_numbers(a[0], a[1], 1));
    if (is_string(a[0]) && is_string(a[1])) return small_int(string_order(a[0], a[1]));
    if (is_named(a[0]) && TAG(a[0]) == TAG(a[1])) return small_int(string_order(name_of(a[0]), name_of(a[1])));
    if (TAG(a[0]) == TAG_CHAR && TAG(a[1]) == TAG_CHAR)
        return small_int((LOW(a[0]) > LOW(a[1])) - (LOW(a[0]) < LOW(a[1])));
    return raise_type("comparable values of the same kind", is_ordered(a[0]) ? a[1] : a[0]);
}

static bool is_without_items(Value value) {
    if (is_type(value, T_VECTOR) || is_type(value, T_SET)) return vector(value)->head.count == 0;
    return value == NIL || value == EMPTY;
}

static bool is_a_procedure(Value value) { return TAG(value) == TAG_NATIVE || is_type(value, T_CLOSURE); }

#define PREDICATE(name, test) NATIVE(name) { ONE; return boolean(test); }
PREDICATE(is_null, is_without_items(a[0]))
PREDICATE(is_something, !is_without_items(a[0]))
PREDICATE(is_nil, a[0] == NIL)
PREDICATE(is_a_pair, is_pair(a[0]))
PREDICATE(is_a_list, a[0] == NIL || is_list(a[0]))
PREDICATE(is_truly_list, is_list(a[0]))
PREDICATE(is_vector, is_type(a[0], T_VECTOR))
PREDICATE(is_set, is_type(a[0], T_SET))
PREDICATE(is_map, is_type(a[0], T_MAP))
PREDICATE(is_symbol, TAG(a[0]) == TAG_SYMBOL)
PREDICATE(is_a_string, is_string(a[0]))
PREDICATE(is_char, TAG(a[0]) == TAG_CHAR)
PREDICATE(is_keyword, TAG(a[0]) == TAG_KEYWORD)
PREDICATE(is_boolean, a[0] == TRUE || a[0] == FALSE)
PREDICATE(is_integer, is_int(a[0]))
PREDICATE(is_a_float, is_float(a[0]))
PREDICATE(is_a_number, is_number(a[0]))
PREDICATE(is_procedure, is_a_procedure(a[0]))
PREDICATE(is_atom, !(a[0] == NIL || is_list(a[0]) || is_a_procedure(a[0])))
PREDICATE(is_error, is_type(a[0], T_ERROR))
PREDICATE(is_promise, is_type(a[0], T_PROMISE))
PREDICATE(is_foreign, false) /* no value of the machine is one */

NATIVE(type_of) {
    ONE;
    return intern_text(is_a_procedure(a[0]) ? "procedure" : kind_of(a[0]), TAG_KEYWORD);
}

/* -- errors ---------------------------------------------------------------------------------------------- */

NATIVE(throw_value) { ONE; return raise_value(a[0]); }

/* Raise an error of the language with the kind that a keyword names. */
NATIVE(raise_as) {
    ONE;
    Value tag = name_of(a[0]);
    return raise_tagged_strings(string(tag), string(a[1]));
}

static Value pairs_of(Value data) {
    if (is_type(data, T_MAP)) {
        uint32_t count = 2 * map(data)->head.count;
        Value made = make_vector(count);
        memcpy(vector(made)->items, map(data)->entries, 8 * (size_t)count);
        return made;
    }
    Items items;
    if (!items_begin(&items, data)) return raise_type("list", data);
    if (items.left % 2) return raise_native("plist", "plist must have even number of elements (k v k v ...)");
    Value made = make_vector(items.left);
    for (uint32_t i = 0; items.left; i++) vector(made)->items[i] = items_next(&items);
    return made;
}

static Value new_error(Value tag, Value message, Value data) {
    if (!is_string(message)) return raise_type("string", message);
    Value pairs = pairs_of(data);
    if (pairs == FAILED) return FAILED;
    Error *made = object_new(sizeof(Error), T_ERROR, 0);
    made->tag = tag;
    made->message = message;
    made->data = pairs;
    made->where = NIL;
    return object(made);
}

NATIVE(error) {
    Value tag = a[0];
    if (TAG(tag) == TAG_SYMBOL) tag = intern(name_of(tag), TAG_KEYWORD);
    else if (is_string(tag)) tag = intern(tag, TAG_KEYWORD);
    else if (TAG(tag) != TAG_KEYWORD) return raise_type("keyword, symbol or string", tag);
    return new_error(tag, a[1], n == 3 ? a[2] : NIL);
}

NATIVE(ex_info) { return new_error(intern_text("ex-info", TAG_KEYWORD), a[0], n == 2 ? a[1] : NIL); }

#define OF_ERROR(name, body)                                                                                       \
    NATIVE(name) {                                                                                                 \
        ONE;                                                                                                       \
        if (!is_type(a[0], T_ERROR)) return raise_type("error", a[0]);                                             \
        Error *of = address(a[0]);                                                                                 \
        body                                                                                                       \
    }
OF_ERROR(error_tag, return of->tag;)
OF_ERROR(error_message, return of->message;)
OF_ERROR(error_data, return list_of(vector(of->data)->items, vector(of->data)->head.count);)
OF_ERROR(error_data_get, {
    Vector *data = vector(of->data);
    for (uint32_t i = 0; i < data->head.count; i += 2) if (same(data->items[i], a[1], false)) return data->items[i + 1];
    return NIL;
})

/* -- promises -------------------------------------------------------------------------------------------- */

NATIVE(promise) {
    ONE;
    Promise *made = object_new(sizeof(Promise), T_PROMISE, 0);
    made->thunk = a[0];
    made->value = NIL;
    return object(made);
}

NATIVE(promise_thunk) { ONE; return is_type(a[0], T_PROMISE) ? ((Promise *)address(a[0]))->thunk : NIL; }
NATIVE(promise_value) { ONE; return is_type(a[0], T_PROMISE) ? ((Promise *)address(a[0]))->value : a[0]; }

NATIVE(promise_keep) {
    ONE;
    Promise *kept = address(a[0]);
    if (kept->thunk != NIL) {
        kept->thunk = NIL;
        kept->value = a[1];
    }
    return kept->value;
}

/* -- output: gathered until the host takes it ------------------------------------------------------------- */

NATIVE(display) { ONE; text_value(&output, a[0], false); return NIL; }
NATIVE(newline) { ONE; text_add(&output, "\n", 1); return NIL; }
NATIVE(write_value) { ONE; text_value(&output, a[0], true); return NIL; }

NATIVE(print) {
    ONE;
    text_value(&output, a[0], false);
    text_add(&output, "\n", 1);
    return NIL;
}

NATIVE(println) {
    for (uint32_t i = 0; i < n; i++) {
        if (i > 0) text_add(&output, " ", 1);
        text_value(&output, a[i], false);
    }
    text_add(&output, "\n", 1);
    return NIL;
}
