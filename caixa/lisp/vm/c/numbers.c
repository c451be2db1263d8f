/* Arithmetic: integers of 64 bits, whose overflow is an error, and floats. */
#include "machine.h"
#include <math.h>

static Value overflow(void) {
    return raise_tagged("integer-overflow", "this integer would need more than 64 bits");
}

static Value not_numbers(Value left, Value right) { return raise_type("number", is_number(left) ? right : left); }

#define ARITHMETIC(name, builtin, operator)                                                                      \
    Value name(Value left, Value right) {                                                                         \
        int64_t result;                                                                                            \
        if (is_int(left) && is_int(right))                                                                         \
            return builtin(int_of(left), int_of(right), &result) ? overflow() : make_int(result);                  \
        if (!is_number(left) || !is_number(right)) return not_numbers(left, right);                                \
        return make_float(float_of(left) operator float_of(right));                                                \
    }
ARITHMETIC(add, __builtin_add_overflow, +)
ARITHMETIC(subtract, __builtin_sub_overflow, -)
ARITHMETIC(multiply, __builtin_mul_overflow, *)

/* Return whether left OP right, for OP 0: =, 1: <, 2: <=; -1 once it has raised. */
int compare_numbers(Value left, Value right, int operation) {
    if (is_int(left) && is_int(right)) {
        int64_t one = int_of(left), other = int_of(right);
        return operation == 0 ? one == other : operation == 1 ? one < other : one <= other;
    }
    if (!is_number(left) || !is_number(right)) {
        not_numbers(left, right);
        return -1;
    }
    double one = float_of(left), other = float_of(right);
    return operation == 0 ? one == other : operation == 1 ? one < other : one <= other;
}

/* Return the nearest float to a quotient of integers, rounded once. */
static double ratio(int64_t left, int64_t right) {
    bool is_negative = (left < 0) != (right < 0);
    uint64_t one = left < 0 ? 0 - (uint64_t)left : (uint64_t)left, other = right < 0 ? 0 - (uint64_t)right : (uint64_t)right;
    int shift = 63 + __builtin_clzll(one) - __builtin_clzll(other);
    unsigned __int128 scaled = (unsigned __int128)one << shift; /* so that the quotient has 63 or 64 bits */
    uint64_t quotient = (uint64_t)(scaled / other);
    if (scaled % other != 0) quotient |= 1;
    double result = ldexp((double)quotient, -shift);
    return is_negative ? -result : result;
}

Value divide(Value left, Value right) {
    if (!is_number(left) || !is_number(right)) return not_numbers(left, right);
    if (float_of(right) == 0) return raise_tagged("division-by-zero", "division by zero");
    if (is_float(left) || is_float(right)) return make_float(float_of(left) / float_of(right));
    int64_t one = int_of(left), other = int_of(right);
    if (other == -1) return subtract(small_int(0), left);
    return one % other == 0 ? make_int(one / other) : make_float(ratio(one, other));
}

Value integer_part(double (*rounded)(double), Value number) {
    if (is_int(number)) return number;
    if (!is_float(number)) return raise_type("number", number);
    double value = bits_float(number);
    if (value - value != 0) return raise_type("finite number", number);
    value = rounded(value);
    if (value < -9223372036854775808.0 || value >= 9223372036854775808.0) return overflow();
    return make_int((int64_t)value);
}

/* Return base to the power of a natural number. */
Value power(Value base, int64_t exponent) {
    Value result = small_int(1);
    while (result != FAILED) {
        if (exponent & 1) result = multiply(result, base);
        exponent >>= 1;
        if (exponent == 0) break;
        base = multiply(base, base);
        if (base == FAILED) return FAILED;
    }
    return result;
}
