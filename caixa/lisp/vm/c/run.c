/* Running code: one loop over its instructions. The stacks lie in memory and grow as long as there is some. */
#include "machine.h"

Machine machine;

enum { FIRST_STACK = 65536 };

static void stack_grow(uint32_t wanted) {
    size_t used = (size_t)(machine.sp - machine.stack), bytes = (size_t)(machine.stack_end - machine.stack) * 8;
    size_t fp = (size_t)(machine.fp - machine.stack), room = bytes ? 2 * bytes : FIRST_STACK;
    while (room < (used + wanted) * 8) room *= 2;
    machine.stack = area_grow(machine.stack, used * 8, bytes, room);
    machine.stack_end = machine.stack + room / 8;
    machine.sp = machine.stack + used;
    machine.fp = machine.stack + fp;
}

static void frames_grow(void) {
    size_t bytes = (size_t)((char *)machine.frames_end - (char *)machine.frames), room = bytes ? 2 * bytes : FIRST_STACK;
    machine.frames = area_grow(machine.frames, bytes, bytes, room);
    machine.frame = (Frame *)((char *)machine.frames + bytes);
    machine.frames_end = (Frame *)((char *)machine.frames + room / sizeof(Frame) * sizeof(Frame));
}

static void handlers_grow(void) {
    size_t used = (size_t)((char *)machine.handler - (char *)machine.handlers);
    size_t bytes = machine.handlers ? (size_t)((char *)machine.handlers_end - (char *)machine.handlers) : 0;
    size_t room = bytes ? 2 * bytes : FIRST_STACK;
    machine.handlers = area_grow(machine.handlers, used, bytes, room);
    machine.handler = (Handler *)((char *)machine.handlers + used);
    machine.handlers_end = (Handler *)((char *)machine.handlers + room / sizeof(Handler) * sizeof(Handler));
}

void push_room(uint32_t values) {
    if ((size_t)(machine.stack_end - machine.sp) < values + 16) stack_grow(values + 16);
}

/* Lay out the arguments of a call as the code's slots: absent ones marked, those beyond in a list. */
static bool arrange(Code *code, uint32_t given) {
    uint32_t most = code->required + code->optional;
    if (given < code->required || (given > most && !code->rest)) {
        raise_arity(NULL, code->name, code->required, code->rest ? UINT32_MAX : most, given);
        return false;
    }
    while (given < most) { *machine.sp++ = MISSING; given++; }
    if (code->rest) {
        Value list = list_of(machine.sp - (given - most), given - most);
        machine.sp -= given - most;
        *machine.sp++ = list;
    }
    return true;
}

/* Return what a value that is no procedure gives when it is called: keywords and maps look things up. */
static Value look_up(Value function, uint32_t count, Value *arguments) {
    bool is_keyword = TAG(function) == TAG_KEYWORD;
    if (!is_keyword && !is_type(function, T_MAP) && !is_type(function, T_SET)) {
        Text text = {0};
        text_string(&text, "a value of type ");
        text_string(&text, kind_of(function));
        text_string(&text, " is not callable");
        text_add(&text, "", 1);
        raise_tagged("not-callable", text.bytes);
        text_free(&text);
        return FAILED;
    }
    if (count < 1 || count > 2) return raise_arity("lookup", 0, 1, 2, count);
    Value from = is_keyword ? arguments[0] : function, key = is_keyword ? function : arguments[0];
    Value otherwise = count == 2 ? arguments[1] : NIL;
    if (from == NIL) return otherwise;
    if (is_type(from, T_MAP)) {
        int32_t at = map_find(map(from), key);
        return at < 0 ? otherwise : map(from)->entries[2 * at + 1];
    }
    if (is_type(from, T_SET) && !is_keyword) return map_find(map(from), key) < 0 ? otherwise : key;
    return raise_type("map", from);
}

static Value call_native(uint32_t id, uint32_t count, Value *arguments) {
    const NativeEntry *native = &natives[id];
    if ((int32_t)count < native->least || (native->most >= 0 && (int32_t)count > native->most))
        return raise_arity(native->name, 0, (uint32_t)native->least,
                           native->most < 0 ? UINT32_MAX : (uint32_t)native->most, count);
    return native->run(count, arguments);
}

/* Go back to the innermost handler with the error at the top of the stack; false if there is none. */
static bool unwind(void) {
    if (machine.handler == machine.handlers) return false;
    Handler *to = --machine.handler;
    machine.frame = machine.frames + to->frames;
    machine.fp = machine.stack + to->fp;
    machine.sp = machine.stack + to->sp;
    machine.code = to->code;
    machine.ip = to->handler;
    machine.handling = to->handling;
    *machine.sp++ = machine.raised;
    machine.raised = NIL;
    return true;
}

#define SAVE() (machine.sp = sp, machine.fp = fp, machine.ip = pc, machine.code = code, machine.steps = steps)
#define LOAD() (sp = machine.sp, fp = machine.fp, steps = machine.steps)
#define TOP sp[-1]
#define OPERAND (word >> 8)
#define SIGNED ((int32_t)word >> 8)
#define CLOSURE_HERE ((Closure *)address(fp[-1]))

/* Arithmetic on two small integers in line, on anything else by the function of the machine. */
#define FAST_INTS(left, right) (is_small(left) && is_small(right))
#define SLOW(call) do { SAVE(); Value result_ = (call); LOAD(); if (result_ == FAILED) goto failed; sp[-1] = result_; } while (0)
#define FLOATS(left, right) (is_float(left) && is_float(right))
#define ARITHMETIC(fast, slow)                                                                                     \
    do {                                                                                                           \
        Value right = *--sp, left = TOP;                                                                           \
        if (FAST_INTS(left, right)) {                                                                              \
            int64_t sum = small(left) fast small(right);                                                           \
            if (fits_small(sum)) { TOP = small_int(sum); break; }                                                  \
        } else if (FLOATS(left, right)) { TOP = make_float(bits_float(left) fast bits_float(right)); break; }      \
        SLOW(slow(left, right));                                                                                   \
    } while (0); continue
#define COMPARE(fast, first, second, operation)                                                                    \
    do {                                                                                                           \
        Value right = *--sp, left = TOP;                                                                           \
        if (FAST_INTS(left, right)) { TOP = boolean(small(left) fast small(right)); break; }                       \
        SAVE();                                                                                                    \
        int holds = compare_numbers(first, second, operation);                                                     \
        if (holds < 0) goto failed;                                                                                \
        TOP = boolean(holds);                                                                                      \
    } while (0); continue

static Status run_loop(void) {
    Value *sp = machine.sp, *fp = machine.fp;
    uint32_t *ip = machine.ip, *pc = ip, word, count;
    Code *code = machine.code;
    int64_t steps = machine.steps;
    bool is_tail;
    for (;;) {
        pc = ip;
        word = *ip++;
        switch (word & 0xFF) {
        case OP_CONST: *sp++ = machine.globals[OPERAND]; continue;
        case OP_INT: *sp++ = small_int(SIGNED); continue;
        case OP_LOCAL: *sp++ = fp[OPERAND]; continue;
        case OP_LOCAL_CHECK:
            if (fp[OPERAND] == UNBOUND) { count = *ip; goto unbound; }
            ip++;
            *sp++ = fp[OPERAND];
            continue;
        case OP_SET_LOCAL: fp[OPERAND] = *--sp; continue;
        case OP_CELL_NEW: {
            Cell *cell = object_new(sizeof(Cell), T_CELL, 0);
            cell->value = fp[OPERAND];
            fp[OPERAND] = object(cell);
            continue;
        }
        case OP_CELL_GET: {
            Value value = ((Cell *)address(fp[OPERAND]))->value;
            if (value == UNBOUND) { count = *ip; goto unbound; }
            ip++;
            *sp++ = value;
            continue;
        }
        case OP_CELL_SET: ((Cell *)address(fp[OPERAND]))->value = *--sp; continue;
        case OP_CAPTURE: *sp++ = CLOSURE_HERE->captured[OPERAND]; continue;
        case OP_CAPTURE_GET: {
            Value value = ((Cell *)address(CLOSURE_HERE->captured[OPERAND]))->value;
            if (value == UNBOUND) { count = *ip; goto unbound; }
            ip++;
            *sp++ = value;
            continue;
        }
        case OP_CAPTURE_SET: ((Cell *)address(CLOSURE_HERE->captured[OPERAND]))->value = *--sp; continue;
        case OP_GLOBAL: {
            Value value = machine.globals[OPERAND];
            if (value == UNBOUND) { count = *ip; goto unbound; }
            ip++;
            *sp++ = value;
            continue;
        }
        case OP_DEFINE: machine.globals[OPERAND] = *--sp; continue;
        case OP_SET_GLOBAL:
            if (machine.globals[OPERAND] == UNBOUND) { count = *ip; goto unbound; }
            ip++;
            machine.globals[OPERAND] = *--sp;
            continue;
        case OP_POP: sp--; continue;
        case OP_JUMP: ip = code->words + OPERAND; continue;
        case OP_JUMP_FALSE: if (!is_true(*--sp)) ip = code->words + OPERAND; continue;
        case OP_AND: if (!is_true(TOP)) ip = code->words + OPERAND; else sp--; continue;
        case OP_OR: if (is_true(TOP)) ip = code->words + OPERAND; else sp--; continue;
        case OP_NOT: TOP = boolean(!is_true(TOP)); continue;
        case OP_CLOSURE: {
            Code *of = (Code *)(uintptr_t)LOW(machine.globals[*ip++]);
            Closure *made = object_new(16 + 8 * (size_t)OPERAND, T_CLOSURE, OPERAND);
            made->code = BOX(TAG_INT, (uint32_t)(uintptr_t)of);
            for (uint32_t i = 0; i < OPERAND; i++, ip++)
                made->captured[i] = *ip & 0x80000000u ? CLOSURE_HERE->captured[*ip & 0x7FFFFFFFu] : fp[*ip];
            *sp++ = object(made);
            continue;
        }
        case OP_APPLY: case OP_TAIL_APPLY: {
            is_tail = (word & 0xFF) == OP_TAIL_APPLY;
            Value list = *--sp;
            count = is_pair(list) ? pair(list)->head.count : 0;
            machine.sp = sp;
            SAVE();
            push_room(count);
            LOAD();
            for (; is_pair(list); list = cdr(list)) *sp++ = car(list);
            goto call;
        }
        case OP_CALL:
            is_tail = false;
            count = OPERAND;
            goto call;
        case OP_TAIL_CALL:
            is_tail = true;
            count = OPERAND;
            goto call;
        case OP_NATIVE: {
            if (--steps < 0 || is_collection_due) goto pause_native;
        native_again:
            count = word >> 24;
            SAVE();
            Value result = call_native((word >> 8) & 0xFFFF, count, sp - count);
            LOAD();
            if (result == FAILED) goto failed;
            sp -= count;
            *sp++ = result;
            continue;
        }
        case OP_RETURN: {
            Value value = TOP;
            sp = fp;
            sp[-1] = value;
            Frame *back = --machine.frame;
            if (back->code == NULL) {
                machine.result = value;
                machine.sp = sp - 1;
                machine.steps = steps;
                return DONE;
            }
            fp = machine.stack + back->fp;
            ip = back->ip;
            code = back->code;
            continue;
        }
        case OP_GIVEN: if (fp[OPERAND] != MISSING) ip = code->words + *ip; else ip++; continue;
        case OP_TRY:
            if (machine.handler == machine.handlers_end) handlers_grow();
            *machine.handler++ = (Handler){code->words + OPERAND, (uint32_t)(machine.frame - machine.frames),
                                           (uint32_t)(fp - machine.stack), (uint32_t)(sp - machine.stack), code,
                                           machine.handling};
            continue;
        case OP_END_TRY: machine.handler--; continue;
        case OP_CAUGHT: {
            Raised *caught = address(TOP);
            caught->outer = machine.handling;
            machine.handling = TOP;
            Value value = caught_value(TOP);
            *sp++ = value;
            continue;
        }
        case OP_HANDLED:
            machine.handling = ((Raised *)address(sp[-2]))->outer;
            sp[-2] = TOP;
            sp--;
            continue;
        case OP_RERAISE:
            machine.raised = *--sp;
            SAVE();
            goto failed;
        case OP_HAS_TAG:
            *sp = boolean(is_type(TOP, T_ERROR) && ((Error *)address(TOP))->tag == machine.globals[OPERAND]);
            sp++;
            continue;
        case OP_RAISE: {
            SAVE();
            String *tag = string(machine.globals[OPERAND]), *message = string(machine.globals[*ip]);
            raise_tagged_strings(tag, message);
            goto failed;
        }
        case OP_ADD: ARITHMETIC(+, add);
        case OP_SUBTRACT: ARITHMETIC(-, subtract);
        case OP_MULTIPLY: {
            Value right = *--sp, left = TOP;
            if (FLOATS(left, right)) TOP = make_float(bits_float(left) * bits_float(right));
            else SLOW(multiply(left, right));
            continue;
        }
        case OP_LESS: COMPARE(<, left, right, 1);
        case OP_LESS_EQUAL: COMPARE(<=, left, right, 2);
        case OP_GREATER: COMPARE(>, right, left, 1);
        case OP_GREATER_EQUAL: COMPARE(>=, right, left, 2);
        case OP_NUM_EQUAL: COMPARE(==, left, right, 0);
        case OP_ADD_INT: {
            Value left = TOP;
            int64_t sum = small(left) + SIGNED;
            if (is_small(left) && fits_small(sum)) TOP = small_int(sum);
            else SLOW(add(left, small_int(SIGNED)));
            continue;
        }
        case OP_LOCAL_ADD_INT: {
            Value left = fp[OPERAND];
            int32_t number = (int32_t)*ip++;
            int64_t sum = small(left) + number;
            *sp++ = small_int(sum);
            if (!is_small(left) || !fits_small(sum)) SLOW(add(left, small_int(number)));
            continue;
        }
        case OP_LOCAL_LESS_INT: {
            Value left = fp[OPERAND];
            int32_t number = (int32_t)*ip;
            int holds = small(left) < number;
            if (!is_small(left)) {
                SAVE();
                holds = compare_numbers(left, small_int(number), 1);
                if (holds < 0) goto failed;
            }
            ip = holds ? ip + 2 : code->words + ip[1];
            continue;
        }
        case OP_CAR:
            if (is_pair(TOP)) TOP = car(TOP);
            else SLOW(native_car(TOP));
            continue;
        case OP_CDR:
            if (is_pair(TOP)) TOP = cdr(TOP) == EMPTY ? NIL : cdr(TOP);
            else SLOW(native_cdr(TOP));
            continue;
        case OP_CONS: {
            Value tail = *--sp;
            if (is_list(tail) || tail == NIL) TOP = cons(TOP, tail);
            else SLOW(native_cons(TOP, tail));
            continue;
        }
        case OP_IS_NULL: {
            Value value = TOP;
            TOP = boolean(value == NIL || value == EMPTY
                          || ((is_type(value, T_VECTOR) || is_type(value, T_SET)) && vector(value)->head.count == 0));
            continue;
        }
        default: __builtin_trap();
        }

    call: {
        if (--steps < 0 || is_collection_due) goto pause;
    call_again:;
        Value function = sp[-(int32_t)count - 1];
        if (!is_type(function, T_CLOSURE)) {
            SAVE();
            Value result = TAG(function) == TAG_NATIVE ? call_native(LOW(function), count, sp - count)
                                                       : look_up(function, count, sp - count);
            LOAD();
            if (result == FAILED) goto failed;
            sp -= count;
            TOP = result;
            if (!is_tail) continue;
            static uint32_t returning[] = {OP_RETURN};
            ip = returning;
            continue;
        }
        Code *callee = (Code *)(uintptr_t)LOW(((Closure *)address(function))->code);
        if (count != callee->required || callee->optional + callee->rest) {
            SAVE();
            bool fits = arrange(callee, count);
            LOAD();
            if (!fits) goto failed;
            count = callee->required + callee->optional + callee->rest;
        }
        if (is_tail) {
            memmove(fp - 1, sp - count - 1, 8 * ((size_t)count + 1));
            sp = fp + count;
        } else {
            if (machine.frame == machine.frames_end) frames_grow();
            *machine.frame++ = (Frame){ip, code, (uint32_t)(fp - machine.stack)};
            fp = sp - count;
        }
        code = callee;
        ip = code->words;
        if ((size_t)(machine.stack_end - sp) < code->locals + code->depth) {
            SAVE();
            stack_grow(code->locals + code->depth);
            LOAD();
        }
        for (uint32_t i = 0; i < code->locals; i++) *sp++ = UNBOUND;
        continue;
    }

    pause_native: /* the instruction has not begun */
        if (steps < 0) { steps = 0; SAVE(); return OUT_OF_STEPS; }
        SAVE();
        collect();
        LOAD();
        goto native_again;

    pause: /* the arguments of `apply` are on the stack already, so it is not begun again but called */
        if (is_collection_due) {
            SAVE();
            collect();
            LOAD();
        }
        if (steps >= 0) goto call_again;
        if ((word & 0xFF) != OP_APPLY && (word & 0xFF) != OP_TAIL_APPLY) {
            steps = 0;
            SAVE();
            return OUT_OF_STEPS;
        }
        goto call_again; /* the next call pauses */

    unbound:
        SAVE();
        raise_unbound(count);

    failed:
        if (!unwind()) {
            machine.steps = steps;
            return RAISED;
        }
        sp = machine.sp;
        fp = machine.fp;
        ip = machine.ip;
        code = machine.code;
    }
}

/* Prepare to call a procedure without arguments from an empty stack. */
void EXPORT(begin)(Value function) {
    machine.sp = machine.stack;
    machine.frame = machine.frames;
    machine.handler = machine.handlers;
    machine.handling = machine.raised = machine.result = NIL;
    push_room(64);
    if (machine.frame == machine.frames_end) frames_grow();
    Code *code = (Code *)(uintptr_t)LOW(((Closure *)address(function))->code);
    *machine.sp++ = function;
    machine.fp = machine.sp;
    push_room(code->locals + code->depth);
    *machine.frame++ = (Frame){NULL, NULL, 0};
    for (uint32_t i = 0; i < code->locals; i++) *machine.sp++ = UNBOUND;
    machine.code = code;
    machine.ip = code->words;
}

/* Go on for so many steps; after OUT_OF_STEPS it can be called again. */
Status EXPORT(run)(int64_t steps) {
    machine.steps = steps;
    return machine.status = run_loop();
}

Value EXPORT(result)(void) { return machine.status == RAISED ? machine.raised : machine.result; }
int64_t EXPORT(steps_left)(void) { return machine.steps; }
Status *EXPORT(status_address)(void) { return &machine.status; }
