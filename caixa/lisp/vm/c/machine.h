/* The machine: its state, and what its parts offer one another. */
#ifndef MACHINE_H
#define MACHINE_H

#include "values.h"

#define EXPORT(name) __attribute__((export_name(#name))) name

typedef enum { DONE, RAISED, OUT_OF_STEPS, OUT_OF_MEMORY } Status;

typedef struct { uint32_t *ip; Code *code; uint32_t fp; } Frame;
typedef struct { uint32_t *handler; uint32_t frames, fp, sp; Code *code; Value handling; } Handler;
typedef struct { char *start, *end; } Area; /* memory that grows by being copied */

typedef struct {
    Value *stack, *stack_end, *sp, *fp;
    Frame *frames, *frames_end, *frame;
    Handler *handlers, *handlers_end, *handler;
    Value *globals; uint32_t global_count, global_room;
    Value result, raised, handling;
    uint32_t *ip; Code *code;
    int64_t steps;
    Status status;
} Machine;

extern Machine machine;

/* memory.c: pages of 64 KB, and objects */
void *pages_new(size_t bytes);
void pages_free(void *start, size_t bytes);
void *fixed_new(size_t bytes);
void *area_grow(void *start, size_t used, size_t bytes, size_t wanted);
extern char *heap_top, *heap_end;
extern bool is_collection_due;
void *object_slow(size_t bytes);
static inline void *object_new(size_t bytes, Type type, uint32_t count) {
    Object *made = (Object *)heap_top;
    bytes = (bytes + 7) & ~(size_t)7;
    if (bytes > (size_t)(heap_end - heap_top)) made = object_slow(bytes);
    else heap_top += bytes;
    made->type = (uint32_t)type;
    made->count = count;
    return made;
}
void collect(void);
uint32_t object_size(Object *object);
uint32_t map_bytes(uint32_t count);

/* objects.c */
Value make_int(int64_t n);
Value make_integer(int64_t n);
Value cons(Value car, Value cdr);
Value make_string(const char *bytes, uint32_t count);
Value make_text(const char *text);
Value make_vector(uint32_t count);
Value list_of(Value *items, uint32_t count);
typedef struct { Value rest; Vector *items; uint32_t at, left; Map *set; } Items; /* goes through a sequence */
bool items_begin(Items *items, Value value);
Value items_next(Items *items);
Value intern(Value text, uint32_t tag);
Value name_of(Value symbol);
Value intern_text(const char *text, uint32_t tag);

/* equality.c */
bool identical(Value left, Value right);
bool same(Value left, Value right, bool exact);
uint32_t hash_of(Value value);
uint32_t string_hash(String *text);

/* maps.c */
Value map_new(Value *parts, uint32_t pairs, Type type);
int32_t map_find(Map *map, Value key);
Value map_assoc(Value from, Value key, Value value);
Value map_dissoc(Value from, Value key);

/* errors.c */
Value raise_tagged(const char *tag, const char *message);
Value raise_type(const char *expected, Value got);
Value raise_native(const char *function, const char *reason);
Value raise_value(Value thrown);
Value raise_unbound(uint32_t global);
Value raise_arity(const char *function, uint32_t name, uint32_t least, uint32_t most, uint32_t given);
const char *kind_of(Value value);
Value caught_value(Value raised);

/* numbers.c */
Value add(Value left, Value right);
Value subtract(Value left, Value right);
Value multiply(Value left, Value right);
int compare_numbers(Value left, Value right, int operation);

/* text.c: text that is being written */
typedef struct { char *bytes; size_t count, room; } Text;
void text_add(Text *text, const char *bytes, size_t count);
void text_string(Text *text, const char *string);
void text_value(Text *text, Value value, bool readable);
void text_free(Text *text);
extern Text output;

/* natives.c */
typedef Value (*Native)(uint32_t count, Value *arguments);
typedef struct { const char *name; Native run; int16_t least, most; } NativeEntry;
extern const NativeEntry natives[];
extern const uint32_t native_count;

/* numbers.c and natives.c, as instructions call them */
Value raise_tagged_strings(String *tag, String *message);
Value native_car(Value list);
Value native_cdr(Value list);
Value native_cons(Value item, Value items);

/* run.c */
enum Opcode {
#define OP(name) OP_##name,
#include "opcodes.def"
#undef OP
};
void push_room(uint32_t values);

#endif
