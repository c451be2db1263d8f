/* Errors: what a native raises is kept in the machine, and the native returns FAILED. */
#include "machine.h"

static const char *const KINDS[] = {"", "list", "cell", "int", "string", "vector", "map", "set", "closure", "error",
                                    "raised", "promise"};

const char *kind_of(Value value) {
    if (is_float(value)) return "float";
    switch (TAG(value)) {
    case TAG_INT: return "int";
    case TAG_CHAR: return "char";
    case TAG_SYMBOL: return "symbol";
    case TAG_KEYWORD: return "keyword";
    case TAG_NATIVE: return "native-fn";
    case TAG_CONSTANT: return value == NIL ? "nil" : value == EMPTY ? "list" : "bool";
    default: break;
    }
    Object *each = address(value);
    if (each->type == T_CLOSURE && ((Code *)address(((Closure *)each)->code))->hidden == 2) return "native-fn";
    return KINDS[each->type];
}

/* Return the place of the innermost instruction of the program itself, packed: its code's number and its word. */
static Value place(void) {
    Code *code = machine.code;
    uint32_t *ip = machine.ip;
    Frame *frame = machine.frame;
    while (code->hidden && frame > machine.frames) {
        frame--;
        if (frame->code == NULL) break;
        code = frame->code;
        ip = frame->ip - 1;
    }
    return small_int((int64_t)code->id << 24 | (int64_t)(ip - code->words));
}

static Value raise_kind(Value value, Value kind) {
    Raised *made = object_new(sizeof(Raised), T_RAISED, 0);
    made->value = value;
    made->kind = kind;
    made->where = place();
    made->outer = NIL;
    machine.raised = object(made);
    return FAILED;
}

static Value make_error(Value tag, Value message, Value data) {
    Error *made = object_new(sizeof(Error), T_ERROR, 0);
    made->tag = tag;
    made->message = message;
    made->data = data;
    made->where = NIL;
    return object(made);
}

Value raise_tagged(const char *tag, const char *message) {
    Value kind = intern_text(tag, TAG_KEYWORD);
    return raise_kind(make_error(kind, make_text(message), make_vector(0)), kind);
}

Value raise_tagged_strings(String *tag, String *message) {
    Value kind = intern(object(tag), TAG_KEYWORD);
    return raise_kind(make_error(kind, object(message), make_vector(0)), kind);
}

Value raise_type(const char *expected, Value got) {
    Text text = {0};
    text_string(&text, "expected ");
    text_string(&text, expected);
    text_string(&text, ", got ");
    text_string(&text, kind_of(got));
    text_add(&text, "", 1);
    Value failed = raise_tagged("type-mismatch", text.bytes);
    text_free(&text);
    return failed;
}

Value raise_native(const char *function, const char *reason) {
    Text text = {0};
    text_string(&text, "in native `");
    text_string(&text, function);
    text_string(&text, "`: ");
    text_string(&text, reason);
    text_add(&text, "", 1);
    Value failed = raise_tagged("native-fn", text.bytes);
    text_free(&text);
    return failed;
}

/* Raise what a program throws; the same value again keeps the place where it was thrown first. */
Value raise_value(Value thrown) {
    Raised *before = machine.handling == NIL ? NULL : address(machine.handling);
    raise_kind(thrown, NIL);
    if (before != NULL && before->value == thrown) ((Raised *)address(machine.raised))->where = before->where;
    return FAILED;
}

Value raise_unbound(uint32_t global) {
    Text text = {0};
    String *name = string(machine.globals[global]);
    text_string(&text, "unbound symbol `");
    text_add(&text, name->bytes, name->head.count);
    text_add(&text, "`", 2);
    Value failed = raise_tagged("unbound-symbol", text.bytes);
    text_free(&text);
    return failed;
}

static void text_number(Text *text, uint32_t number) { text_value(text, small_int(number), true); }

/* `most` is UINT32_MAX for a procedure that takes any number; `name` is the constant with the procedure's name. */
Value raise_arity(const char *function, uint32_t name, uint32_t least, uint32_t most, uint32_t given) {
    Text text = {0};
    text_string(&text, "`");
    if (function != NULL) text_string(&text, function);
    else text_add(&text, string(machine.globals[name])->bytes, string(machine.globals[name])->head.count);
    text_string(&text, "` takes ");
    text_string(&text, most == UINT32_MAX ? "at least " : most == least ? "" : "from ");
    text_number(&text, least);
    if (most != UINT32_MAX && most != least) {
        text_string(&text, " to ");
        text_number(&text, most);
    }
    text_string(&text, least == 1 && (most == 1 || most == UINT32_MAX) ? " argument but " : " arguments but ");
    text_number(&text, given);
    text_string(&text, given == 1 ? " was given" : " were given");
    text_add(&text, "", 1);
    Value failed = raise_tagged("arity-mismatch", text.bytes);
    text_free(&text);
    return failed;
}

/* Return what `catch` binds, told where it happened. */
Value caught_value(Value raised) {
    Raised *caught = address(raised);
    if (is_type(caught->value, T_ERROR)) ((Error *)address(caught->value))->where = caught->where;
    return caught->value;
}
