/* Loading what the compiler made: constants and code, as 32-bit words written into memory by the host. */
#include "machine.h"

enum { C_NIL, C_FALSE, C_TRUE, C_EMPTY, C_INTEGER, C_FLOAT, C_STRING, C_SYMBOL, C_KEYWORD, C_CHAR, C_LIST, C_VECTOR,
       C_MAP, C_SET, C_ERROR, C_NATIVE, C_UNBOUND, C_CLOSURE, C_STORE, C_CODE, C_END };

void *EXPORT(room_for)(uint32_t bytes) { return pages_new(bytes); }
void EXPORT(room_back)(void *start, uint32_t bytes) { pages_free(start, bytes); }

/* Let there be globals up to a number, without values. */
static void globals_reserve(uint32_t count) {
    if (count > machine.global_room) {
        uint32_t room = machine.global_room ? machine.global_room : 8192;
        while (room < count) room *= 2;
        machine.globals = area_grow(machine.globals, 8 * (size_t)machine.global_count, 8 * (size_t)machine.global_room,
                                    8 * (size_t)room);
        machine.global_room = room;
    }
    while (machine.global_count < count) machine.globals[machine.global_count++] = UNBOUND;
}

static uint32_t *load_code(uint32_t *at, Value *code) {
    uint32_t words = *at++;
    size_t bytes = sizeof(Code) + 4 * (size_t)words;
    Code *made = fixed_new(bytes);
    memcpy(made, at, bytes);
    *code = BOX(TAG_INT, (uint32_t)(uintptr_t)made);
    return at + bytes / 4;
}

static Value folded(uint32_t kind, Value *items, uint32_t count) {
    if (kind == C_LIST) return list_of(items, count);
    if (kind == C_MAP) return map_new(items, count / 2, T_MAP);
    if (kind == C_SET) return map_new(items, count / 2, T_SET);
    Value made = make_vector(count);
    memcpy(vector(made)->items, items, 8 * (size_t)count);
    return made;
}

static Value new_closure(uint32_t code) {
    Closure *made = object_new(16, T_CLOSURE, 0);
    made->code = BOX(TAG_INT, code);
    return object(made);
}

/* Load a unit: its first word is how many globals there will be, then instructions for a stack of values.
   Return the address of the last code. */
uint32_t EXPORT(load)(uint32_t *at) {
    Value code = 0;
    machine.sp = machine.stack;
    globals_reserve(*at++);
    for (;;) {
        uint32_t kind = *at++, operand = *at++;
        push_room(1);
        switch (kind) {
        case C_NIL: *machine.sp++ = NIL; break;
        case C_FALSE: *machine.sp++ = FALSE; break;
        case C_TRUE: *machine.sp++ = TRUE; break;
        case C_EMPTY: *machine.sp++ = EMPTY; break;
        case C_UNBOUND: *machine.sp++ = UNBOUND; break;
        case C_INTEGER: *machine.sp++ = make_int((int64_t)((uint64_t)at[0] | (uint64_t)at[1] << 32)); at += 2; break;
        case C_FLOAT: {
            double number;
            memcpy(&number, at, 8);
            *machine.sp++ = make_float(number);
            at += 2;
            break;
        }
        case C_STRING: *machine.sp++ = make_string((char *)at, operand); at += (operand + 3) / 4; break;
        case C_SYMBOL: machine.sp[-1] = intern(machine.sp[-1], TAG_SYMBOL); break;
        case C_KEYWORD: machine.sp[-1] = intern(machine.sp[-1], TAG_KEYWORD); break;
        case C_CHAR: *machine.sp++ = BOX(TAG_CHAR, operand); break;
        case C_NATIVE: *machine.sp++ = BOX(TAG_NATIVE, operand); break;
        case C_LIST: case C_VECTOR: case C_MAP: case C_SET:
            machine.sp -= operand;
            *machine.sp = folded(kind, machine.sp, operand);
            machine.sp++;
            break;
        case C_ERROR: { /* tag, message, data */
            Error *made = object_new(sizeof(Error), T_ERROR, 0);
            memcpy(&made->tag, machine.sp - 3, 24);
            made->where = NIL;
            machine.sp -= 2;
            machine.sp[-1] = object(made);
            break;
        }
        case C_CLOSURE: *machine.sp++ = new_closure(LOW(machine.globals[operand])); break;
        case C_STORE: machine.globals[operand] = *--machine.sp; break;
        case C_CODE:
            at = load_code(at, &code);
            machine.globals[operand] = code;
            break;
        default: return LOW(code);
        }
    }
}

/* Return a closure of code that captures nothing. */
Value EXPORT(closure_of)(uint32_t code) { return new_closure(code); }

uint32_t EXPORT(global_at)(uint32_t index) { return (uint32_t)(uintptr_t)(machine.globals + index); }
void EXPORT(collect_now)(void) { collect(); }
