/* The natives of strings, symbols, keywords and characters. Text is UTF-8; its characters are code points. */
#include "machine.h"

#define NATIVE(name) Value native_##name(uint32_t n, Value *a)
#define ONE (void)n, (void)a
#define STRING(value) if (!is_string(value)) return raise_type("string", value)

int string_order(Value left, Value right);

static Value text_taken(Text *text) {
    Value made = make_string(text->bytes, (uint32_t)text->count);
    text_free(text);
    return made;
}

NATIVE(string_length) { ONE; STRING(a[0]); return small_int(string(a[0])->characters); }

NATIVE(string_append) {
    Text text = {0};
    for (uint32_t i = 0; i < n; i++) STRING(a[i]);
    for (uint32_t i = 0; i < n; i++) text_add(&text, string(a[i])->bytes, string(a[i])->head.count);
    return text_taken(&text);
}

static Value written(Value value, bool readable) {
    Text text = {0};
    text_value(&text, value, readable);
    return text_taken(&text);
}

NATIVE(to_string) { ONE; return is_string(a[0]) ? a[0] : written(a[0], true); }
NATIVE(pr_str) { ONE; return written(a[0], true); }

NATIVE(str) {
    Text text = {0};
    for (uint32_t i = 0; i < n; i++) if (a[i] != NIL) text_value(&text, a[i], false);
    return text_taken(&text);
}

/* Return where the character at `index` begins. */
static uint32_t offset_of(String *text, uint32_t index) {
    if (text->characters == text->head.count) return index;
    uint32_t at = 0;
    for (; index > 0; index--) do at++; while (at < text->head.count && (text->bytes[at] & 0xC0) == 0x80);
    return at;
}

NATIVE(substring) {
    STRING(a[0]);
    if (!is_int(a[1])) return raise_type("integer", a[1]);
    String *text = string(a[0]);
    bool is_open = n < 3 || a[2] == NIL;
    if (!is_open && !is_int(a[2])) return raise_type("integer", a[2]);
    int64_t first = int_of(a[1]), end = is_open ? text->characters : int_of(a[2]);
    if (first < 0 || first > end || end > text->characters) {
        Text reason = {0};
        text_value(&reason, a[1], true);
        text_string(&reason, " to ");
        text_value(&reason, is_open ? small_int(end) : a[2], true);
        text_string(&reason, " is not within a string of ");
        text_value(&reason, small_int(text->characters), true);
        text_add(&reason, " characters", 12);
        raise_native("substring", reason.bytes);
        text_free(&reason);
        return FAILED;
    }
    uint32_t from = offset_of(text, (uint32_t)first), to = offset_of(text, (uint32_t)end);
    return make_string(text->bytes + from, to - from);
}

NATIVE(string_before) { ONE; STRING(a[0]); STRING(a[1]); return boolean(string_order(a[0], a[1]) < 0); }
NATIVE(string_same) { ONE; STRING(a[0]); STRING(a[1]); return boolean(string_order(a[0], a[1]) == 0); }

#define NAMED(name, tag, kind)                                                                                     \
    NATIVE(name) { ONE; return TAG(a[0]) == tag ? name_of(a[0]) : raise_type(kind, a[0]); }
NAMED(symbol_to_string, TAG_SYMBOL, "symbol")
NAMED(keyword_to_string, TAG_KEYWORD, "keyword")

NATIVE(string_to_symbol) { ONE; STRING(a[0]); return intern(a[0], TAG_SYMBOL); }
NATIVE(string_to_keyword) { ONE; STRING(a[0]); return intern(a[0], TAG_KEYWORD); }
NATIVE(char_to_integer) { ONE; return TAG(a[0]) == TAG_CHAR ? small_int(LOW(a[0])) : raise_type("character", a[0]); }
