/* Values as text: to be read back, or for people. What is open stands on a list of its own. */
#include "machine.h"
#include "visible.h"
#include <stdio.h>
#include <stdlib.h>

Text output;

void text_add(Text *text, const char *bytes, size_t count) {
    if (text->count + count > text->room) {
        size_t room = (text->count + count) * 2 < 65536 ? 65536 : (text->count + count) * 2;
        text->bytes = area_grow(text->bytes, text->count, text->room, room);
        text->room = room;
    }
    memcpy(text->bytes + text->count, bytes, count);
    text->count += count;
}

void text_string(Text *text, const char *string) { text_add(text, string, strlen(string)); }

void text_free(Text *text) {
    if (text->bytes != NULL) pages_free(text->bytes, text->room);
    *text = (Text){0};
}

/* -- atoms ----------------------------------------------------------------------------------------------- */

static void add_int(Text *text, int64_t number) {
    char digits[24];
    text_add(text, digits, (size_t)snprintf(digits, sizeof digits, "%lld", (long long)number));
}

/* Write the shortest decimal that reads as `number`, as Python's repr does. */
static void add_float(Text *text, double number) {
    char shown[40], *exponent;
    if (number != number || number - number != 0) {
        text_string(text, number != number ? "nan" : number > 0 ? "inf" : "-inf");
        return;
    }
    int precision = 15;
    do snprintf(shown, sizeof shown, "%.*e", precision - 1, number);
    while (strtod(shown, NULL) != number && ++precision <= 17);
    char digits[24];
    size_t count = 0;
    for (char *at = shown; *at != 'e'; at++) if (*at >= '0' && *at <= '9') digits[count++] = *at;
    while (count > 1 && digits[count - 1] == '0') count--;
    exponent = strchr(shown, 'e') + 1;
    int point = atoi(exponent) + 1; /* where the decimal point stands among the digits */
    if (shown[0] == '-') text_add(text, "-", 1);
    if (point > 16 || point < -3) {
        text_add(text, digits, 1);
        if (count > 1) text_add(text, ".", 1);
        text_add(text, digits + 1, count - 1);
        text_add(text, shown, (size_t)snprintf(shown, sizeof shown, "e%c%02d", point > 0 ? '+' : '-', abs(point - 1)));
    } else if (point <= 0) {
        text_string(text, "0.");
        for (int i = point; i < 0; i++) text_add(text, "0", 1);
        text_add(text, digits, count);
    } else {
        for (int i = 0; i < point; i++) text_add(text, (size_t)i < count ? digits + i : "0", 1);
        text_add(text, ".", 1);
        if (count > (size_t)point) text_add(text, digits + point, count - (size_t)point);
        else text_add(text, "0", 1);
    }
}

static uint32_t decode(const char **at) {
    const uint8_t *bytes = (const uint8_t *)*at;
    uint32_t first = bytes[0], length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    uint32_t code = length == 1 ? first : first & (0xFFu >> (length + 1));
    for (uint32_t i = 1; i < length; i++) code = code << 6 | (bytes[i] & 0x3F);
    *at += length;
    return code;
}

static bool is_visible(uint32_t code) {
    if (code < 0x80) return code >= ' ' && code != 0x7F;
    size_t low = 0, high = sizeof VISIBLE / sizeof VISIBLE[0];
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (code > VISIBLE[middle][1]) low = middle + 1;
        else high = middle;
    }
    return low < sizeof VISIBLE / sizeof VISIBLE[0] && code >= VISIBLE[low][0];
}

static void add_code(Text *text, uint32_t code) {
    char shown[16];
    text_add(text, shown, (size_t)snprintf(shown, sizeof shown, "u{%x}", code));
}

/* Write text between quotes or bars, whatever is in it. */
static void add_quoted(Text *text, const char *bytes, size_t count, char quote) {
    text_add(text, &quote, 1);
    for (const char *at = bytes, *end = bytes + count; at < end;) {
        const char *start = at;
        uint32_t code = decode(&at);
        const char *escape = code == '\n' ? "\\n" : code == '\t' ? "\\t" : code == '\r' ? "\\r" : code == 0 ? "\\0"
                           : code == '\\' ? "\\\\" : NULL;
        if (escape != NULL) text_string(text, escape);
        else if (code == (uint32_t)quote) text_add(text, quote == '"' ? "\\\"" : "\\|", 2);
        else if (is_visible(code)) text_add(text, start, (size_t)(at - start));
        else {
            text_add(text, "\\", 1);
            add_code(text, code);
        }
    }
    text_add(text, &quote, 1);
}

static bool is_space(uint32_t code) {
    return (code >= 9 && code <= 13) || code == ' ' || code == 0x85 || code == 0xA0 || code == 0x1680
        || (code >= 0x2000 && code <= 0x200A) || code == 0x2028 || code == 0x2029 || code == 0x202F
        || code == 0x205F || code == 0x3000;
}

static bool is_atom_text(const char *bytes, size_t count) {
    for (const char *at = bytes, *end = bytes + count; at < end;) {
        uint32_t code = decode(&at);
        if (is_space(code) || (code < 0x80 && code && strchr("()[]{}'`,\";", (int)code))) return false;
    }
    return count > 0;
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static bool is_word(const char *bytes, size_t count, const char *word) {
    if (count != strlen(word)) return false;
    for (size_t i = 0; i < count; i++) if ((bytes[i] | 32) != word[i]) return false;
    return true;
}

static bool is_numeric(const char *bytes, size_t count) {
    const char *at = bytes, *end = bytes + count;
    if (at < end && (*at == '+' || *at == '-')) at++;
    size_t left = (size_t)(end - at), digits = 0;
    if (is_word(at, left, "inf") || is_word(at, left, "infinity") || is_word(at, left, "nan")) return true;
    for (; at < end && is_digit(*at); at++) digits++;
    bool starts_with_digit = digits > 0;
    if (at < end && *at == '.') for (at++; at < end && is_digit(*at); at++) digits++;
    if (digits == 0 || (!starts_with_digit && digits == 0)) return false;
    if (at < end && (*at == 'e' || *at == 'E')) {
        at++;
        if (at < end && (*at == '+' || *at == '-')) at++;
        if (at == end) return false;
        while (at < end && is_digit(*at)) at++;
    }
    return at == end;
}

static bool is_plain_symbol(const char *bytes, size_t count) {
    if (!is_atom_text(bytes, count) || bytes[0] == ':' || bytes[0] == '|') return false;
    if (bytes[0] == '#' && count > 1 && strchr("\\|;!", bytes[1])) return false;
    if ((count == 7 && memcmp(bytes, "#<error", 7) == 0)) return false;
    if (count == 2 && bytes[0] == '#' && (bytes[1] == 't' || bytes[1] == 'f')) return false;
    return !is_numeric(bytes, count);
}

static void add_name(Text *text, Value value) {
    Value name = name_of(value);
    String *known = string(name);
    bool is_keyword = TAG(value) == TAG_KEYWORD, is_plain;
    if (is_keyword) text_add(text, ":", 1);
    if (is_keyword) is_plain = known->head.count == 0
                               || (is_atom_text(known->bytes, known->head.count) && known->bytes[0] != '|');
    else is_plain = is_plain_symbol(known->bytes, known->head.count);
    if (is_plain) text_add(text, known->bytes, known->head.count);
    else add_quoted(text, known->bytes, known->head.count, '|');
}

uint32_t utf8_encode(uint32_t code, char *bytes) {
    if (code < 0x80) return bytes[0] = (char)code, 1;
    uint32_t length = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (uint32_t i = length - 1; i > 0; i--, code >>= 6) bytes[i] = (char)(0x80 | (code & 0x3F));
    bytes[0] = (char)((0xF00u >> length & 0xF0) | code);
    return length;
}

static void add_char(Text *text, uint32_t code, bool readable) {
    static const struct { uint32_t code; const char *name; } named[] = {
        {' ', "space"}, {'\n', "newline"}, {'\t', "tab"}, {'\r', "return"}, {0, "nul"}, {7, "alarm"},
        {8, "backspace"}, {127, "delete"}, {27, "escape"}};
    char bytes[4];
    if (readable) {
        text_add(text, "#\\", 2);
        for (size_t i = 0; i < sizeof named / sizeof named[0]; i++)
            if (named[i].code == code) { text_string(text, named[i].name); return; }
        if (!is_visible(code)) { add_code(text, code); return; }
    }
    text_add(text, bytes, utf8_encode(code, bytes));
}

/* -- values ---------------------------------------------------------------------------------------------- */

typedef struct { Value value; uint32_t at; } Open; /* a value with parts, and how many of them are written */

static Open *opened;
static size_t open_count, open_room;

static void open_value(Value value) {
    if (open_count == open_room) {
        size_t room = open_room ? 2 * open_room : 4096;
        opened = area_grow(opened, open_count * sizeof(Open), open_room * sizeof(Open), room * sizeof(Open));
        open_room = room;
    }
    opened[open_count++] = (Open){value, 0};
}

static void add_constant(Text *text, Value constant) {
    String *shown = string(machine.globals[constant]);
    text_add(text, shown->bytes, shown->head.count);
}

static void begin_error(Text *text, Error *error) {
    String *message = string(error->message);
    text_string(text, "#<error ");
    add_name(text, error->tag);
    text_add(text, " ", 1);
    add_quoted(text, message->bytes, message->head.count, '"');
    if (vector(error->data)->head.count == 0) text_add(text, ">", 1);
    else {
        text_string(text, " {");
        open_value(object(error));
    }
}

static void begin_object(Text *text, Value value, bool readable) {
    Object *each = address(value);
    switch ((Type)each->type) {
    case T_INTEGER: add_int(text, int_of(value)); return;
    case T_STRING:
        if (readable) add_quoted(text, string(value)->bytes, each->count, '"');
        else text_add(text, string(value)->bytes, each->count);
        return;
    case T_PAIR: text_add(text, "(", 1); break;
    case T_VECTOR: text_add(text, "[", 1); break;
    case T_MAP: text_add(text, "{", 1); break;
    case T_SET: text_add(text, "#{", 2); break;
    case T_ERROR: begin_error(text, (Error *)each); return;
    case T_CLOSURE: add_constant(text, ((Code *)address(((Closure *)each)->code))->shown); return;
    case T_PROMISE:
        if (((Promise *)each)->thunk != NIL) { text_string(text, "#<promise pending>"); return; }
        text_string(text, "#<promise ");
        break;
    default: text_string(text, "#<foreign>"); return;
    }
    open_value(value);
}

static void begin(Text *text, Value value, bool readable) {
    if (is_float(value)) { add_float(text, bits_float(value)); return; }
    switch (TAG(value)) {
    case TAG_INT: add_int(text, small(value)); return;
    case TAG_CHAR: add_char(text, LOW(value), readable); return;
    case TAG_SYMBOL: case TAG_KEYWORD: add_name(text, value); return;
    case TAG_NATIVE:
        text_string(text, "#<native ");
        text_string(text, natives[LOW(value)].name);
        text_add(text, ">", 1);
        return;
    case TAG_CONSTANT:
        text_string(text, value == TRUE ? "#t" : value == FALSE ? "#f" : "()");
        return;
    default: begin_object(text, value, readable);
    }
}

/* Write the next element of the innermost open value, a list of which `rest` remains, or close it. */
static void go_on_list(Text *text, Open *inner, bool readable) {
    Value rest = inner->value;
    if (rest == EMPTY) {
        open_count--;
        text_add(text, ")", 1);
        return;
    }
    if (inner->at++ > 0) text_add(text, " ", 1);
    inner->value = cdr(rest);
    begin(text, car(rest), readable);
}

/* Write the next part of the innermost open value, or close it. */
static void go_on(Text *text, bool readable) {
    Open *inner = &opened[open_count - 1];
    if (is_list(inner->value)) {
        go_on_list(text, inner, readable);
        return;
    }
    Object *each = address(inner->value);
    Type type = (Type)each->type;
    Vector *items = type == T_ERROR ? vector(((Error *)each)->data) : (Vector *)each;
    uint32_t at = inner->at++, count = type == T_MAP ? 2 * each->count : type == T_PROMISE ? 1 : items->head.count;
    if (at == count) {
        open_count--;
        text_string(text, type == T_VECTOR ? "]" : type == T_PROMISE ? ">" : type == T_ERROR ? "}>" : "}");
        return;
    }
    if (at > 0) text_string(text, type == T_MAP && at % 2 == 0 ? ", " : " ");
    Value part = type == T_PROMISE ? ((Promise *)each)->value : items->items[type == T_SET ? 2 * at : at];
    begin(text, part, readable);
}

void text_value(Text *text, Value value, bool readable) {
    size_t before = open_count;
    begin(text, value, readable);
    while (open_count > before) go_on(text, readable);
}

char *EXPORT(output_bytes)(void) { return output.bytes; }
uint32_t EXPORT(output_count)(void) { return (uint32_t)output.count; }
void EXPORT(output_clear)(void) { text_free(&output); }
