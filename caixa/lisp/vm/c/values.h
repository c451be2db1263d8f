/* Values: 64 bits each. A float is itself; everything else hides in the space of negative nans, its tag in the
   high 16 bits. Objects lie in linear memory, 8-byte aligned, behind a header of type and count. */
#ifndef VALUES_H
#define VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint64_t Value;

enum { TAG_INT = 0xFFF9, TAG_OBJECT, TAG_CONSTANT, TAG_CHAR, TAG_SYMBOL, TAG_KEYWORD, TAG_NATIVE };

#define BOX(tag, bits) (((Value)(tag) << 48) | (Value)(bits))
#define TAG(value) ((uint32_t)((value) >> 48))
#define LOW(value) ((uint32_t)(value))

#define NIL BOX(TAG_CONSTANT, 0)
#define FALSE BOX(TAG_CONSTANT, 1)
#define TRUE BOX(TAG_CONSTANT, 2)
#define EMPTY BOX(TAG_CONSTANT, 3)   /* the empty list, which is not nil */
#define UNBOUND BOX(TAG_CONSTANT, 4) /* a variable without a value yet */
#define MISSING BOX(TAG_CONSTANT, 5) /* an argument that was left out */
#define FAILED BOX(TAG_CONSTANT, 6)  /* what a native returns once it has raised */

typedef enum {
    T_FORWARD, T_PAIR, T_CELL, T_INTEGER, T_STRING, T_VECTOR, T_MAP, T_SET, T_CLOSURE, T_ERROR, T_RAISED,
    T_PROMISE
} Type;

typedef struct { uint32_t type, count; } Object;
typedef struct { Object head; Value car, cdr; } Pair;         /* count: the length of the list */
typedef struct { Object head; Value value; } Cell;
typedef struct { Object head; int64_t value; } Integer;       /* one that needs more than 48 bits */
typedef struct { Object head; uint32_t characters, hash; char bytes[]; } String; /* UTF-8; count: of bytes */
typedef struct { Object head; Value items[]; } Vector;
/* A map is its entries, key and value in turn, in the order of insertion, then, if there are more than SMALL_MAP,
   an open-addressed index of entry numbers plus one. A set is a map to #t. */
typedef struct { Object head; Value entries[]; } Map;
typedef struct { Object head; Value code; Value captured[]; } Closure;
typedef struct { Object head; Value tag, message, data, where; } Error; /* data: keys and values in a vector */
typedef struct { Object head; Value value, kind, where, outer; } Raised; /* an error on its way, or being handled */
typedef struct { Object head; Value thunk, value; } Promise;  /* thunk: nil once it has run */

typedef struct {
    uint32_t required, optional, rest, locals, depth, hidden, name, shown, id, words[];
} Code; /* never moves; name, shown: constants; hidden: 1 for what is of the library, whose places
           mean nothing to a program, 2 for what stands for a native besides */

static inline bool is_float(Value v) { return v < BOX(TAG_INT, 0); }
static inline bool is_object(Value v) { return TAG(v) == TAG_OBJECT; }
static inline void *address(Value v) { return (void *)(uintptr_t)LOW(v); }
static inline Value object(void *p) { return BOX(TAG_OBJECT, (uint32_t)(uintptr_t)p); }
static inline bool is_type(Value v, Type t) { return is_object(v) && ((Object *)address(v))->type == (uint32_t)t; }
static inline bool is_small(Value v) { return TAG(v) == TAG_INT; }
static inline int64_t small(Value v) { return (int64_t)(v << 16) >> 16; }
static inline Value small_int(int64_t n) { return BOX(TAG_INT, (Value)n & 0xFFFFFFFFFFFFull); }
static inline bool fits_small(int64_t n) { return n == ((int64_t)((uint64_t)n << 16) >> 16); }
static inline bool is_int(Value v) { return is_small(v) || is_type(v, T_INTEGER); }
static inline int64_t int_of(Value v) { return is_small(v) ? small(v) : ((Integer *)address(v))->value; }
static inline bool is_number(Value v) { return is_float(v) || is_int(v); }
static inline bool is_true(Value v) { return v != NIL && v != FALSE; }
static inline Value boolean(bool b) { return b ? TRUE : FALSE; }
static inline bool is_pair(Value v) { return is_type(v, T_PAIR); }
static inline bool is_list(Value v) { return v == EMPTY || is_pair(v); }
static inline bool is_string(Value v) { return is_type(v, T_STRING); }
static inline Pair *pair(Value v) { return address(v); }
static inline String *string(Value v) { return address(v); }
static inline Vector *vector(Value v) { return address(v); }
static inline Map *map(Value v) { return address(v); }
static inline Value car(Value v) { return pair(v)->car; }
static inline Value cdr(Value v) { return pair(v)->cdr; }
static inline double bits_float(Value v) { double d; memcpy(&d, &v, 8); return d; }
static inline Value make_float(double d) {
    Value v;
    if (d != d) return 0x7FF8000000000000ull; /* one nan, lest another be taken for a tag */
    memcpy(&v, &d, 8);
    return v;
}
static inline double float_of(Value v) { return is_float(v) ? bits_float(v) : (double)int_of(v); }

#endif
