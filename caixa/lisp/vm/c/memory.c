/* Memory: pages of 64 KB from the host; above them a bump-allocated heap, copied when it is collected.

   Natives never collect, so that none of them need say what it holds: a collection happens between two
   instructions, when everything alive is on the stack, in a global, a constant or a captured value. */
#include "machine.h"

enum { PAGE = 65536, PAGES = 65536, CHUNK = PAGE, FIRST_COLLECTION = 2 * PAGE };

typedef struct Chunk { struct Chunk *next, *newer; uint32_t bytes, used; } Chunk;

static uint8_t page_used[PAGES];
static uint32_t first_page, lowest_free;
static Chunk *chunks;
static size_t allocated, collect_at = FIRST_COLLECTION;
static char *fixed_top, *fixed_end;

char *heap_top, *heap_end;
bool is_collection_due;
static bool collects_always;

static _Noreturn void exhausted(void) {
    machine.status = OUT_OF_MEMORY; /* where the host finds it after the trap */
    __builtin_trap();
}

static void *pages_grow(uint32_t count) {
    uint32_t at = (uint32_t)__builtin_wasm_memory_grow(0, count);
    if (at == UINT32_MAX) return NULL;
    if (first_page == 0) first_page = lowest_free = at;
    return (void *)(uintptr_t)(at * (size_t)PAGE);
}

static uint32_t pages_find(uint32_t count) {
    uint32_t end = (uint32_t)__builtin_wasm_memory_size(0), run = 0;
    for (uint32_t page = lowest_free; first_page && page < end; page++) {
        run = page_used[page] ? 0 : run + 1;
        if (run == count) return page + 1 - count;
    }
    return 0;
}

void *pages_new(size_t bytes) {
    size_t count = (bytes + PAGE - 1) / PAGE;
    if (count >= PAGES) exhausted();
    uint32_t page = pages_find((uint32_t)count);
    if (page == 0) {
        char *grown = pages_grow((uint32_t)count);
        if (grown == NULL) exhausted();
        page = (uint32_t)((uintptr_t)grown / PAGE);
    }
    memset(page_used + page, 1, count);
    if (page == lowest_free) lowest_free = page + (uint32_t)count;
    return (void *)(uintptr_t)(page * (size_t)PAGE);
}

void pages_free(void *start, size_t bytes) {
    uint32_t page = (uint32_t)((uintptr_t)start / PAGE);
    memset(page_used + page, 0, (bytes + PAGE - 1) / PAGE);
    if (page < lowest_free) lowest_free = page;
}

/* Memory that is never freed: code and names. */
void *fixed_new(size_t bytes) {
    bytes = (bytes + 7) & ~(size_t)7;
    if (bytes > (size_t)(fixed_end - fixed_top)) {
        size_t whole = (bytes + PAGE - 1) / PAGE * PAGE;
        fixed_top = pages_new(whole);
        fixed_end = fixed_top + whole;
    }
    void *made = fixed_top;
    fixed_top += bytes;
    return made;
}

/* Move what is `used` of an area of `bytes` to a new one with room for `wanted`. */
void *area_grow(void *start, size_t used, size_t bytes, size_t wanted) {
    void *made = pages_new(wanted);
    if (start != NULL) {
        memcpy(made, start, used);
        pages_free(start, bytes);
    }
    return made;
}

void *object_slow(size_t bytes) {
    size_t whole = bytes + sizeof(Chunk) > CHUNK ? (bytes + sizeof(Chunk) + PAGE - 1) / PAGE * PAGE : CHUNK;
    if (bytes > 0xFFFF0000u) exhausted();
    Chunk *chunk = pages_new(whole);
    if (chunks != NULL) {
        chunks->used = (uint32_t)(heap_top - (char *)chunks);
        chunks->newer = chunk;
    }
    *chunk = (Chunk){chunks, NULL, (uint32_t)whole, sizeof(Chunk)};
    chunks = chunk;
    allocated += whole;
    machine.steps -= (int64_t)(whole / 1024); /* so that work without calls is counted too */
    if (allocated >= collect_at) is_collection_due = true;
    heap_top = (char *)chunk + sizeof(Chunk) + bytes;
    heap_end = (char *)chunk + whole;
    return (char *)chunk + sizeof(Chunk);
}

/* -- collection ------------------------------------------------------------------------------------------ */

uint32_t map_bytes(uint32_t count) {
    uint32_t slots = 0;
    if (count > 8) for (slots = 16; slots < 2 * count; slots *= 2) {}
    return (uint32_t)sizeof(Object) + 16 * count + 4 * slots;
}

uint32_t object_size(Object *each) {
    uint32_t bytes;
    switch ((Type)each->type) {
    case T_PAIR: bytes = sizeof(Pair); break;
    case T_CELL: case T_INTEGER: bytes = 16; break;
    case T_STRING: bytes = (uint32_t)sizeof(String) + each->count; break;
    case T_VECTOR: bytes = 8 + 8 * each->count; break;
    case T_MAP: case T_SET: bytes = map_bytes(each->count); break;
    case T_CLOSURE: bytes = 16 + 8 * each->count; break;
    case T_ERROR: bytes = sizeof(Error); break;
    case T_RAISED: bytes = sizeof(Raised); break;
    case T_PROMISE: bytes = sizeof(Promise); break;
    default: __builtin_trap();
    }
    return (bytes + 7) & ~7u;
}

static Value moved(Value value) {
    if (!is_object(value)) return value;
    Object *from = address(value);
    if (from->type == T_FORWARD) return BOX(TAG_OBJECT, from->count);
    uint32_t bytes = object_size(from);
    Object *to = object_new(bytes, T_PAIR, 0);
    memcpy(to, from, bytes);
    *from = (Object){T_FORWARD, (uint32_t)(uintptr_t)to};
    return object(to);
}

static void move_each(Value *values, size_t count) {
    for (size_t i = 0; i < count; i++) values[i] = moved(values[i]);
}

static void move_parts(Object *each) {
    switch ((Type)each->type) {
    case T_PAIR: case T_PROMISE: move_each(&((Pair *)each)->car, 2); break;
    case T_CELL: move_each(&((Cell *)each)->value, 1); break;
    case T_VECTOR: move_each(((Vector *)each)->items, each->count); break;
    case T_MAP: case T_SET: move_each(((Map *)each)->entries, 2 * (size_t)each->count); break;
    case T_CLOSURE: move_each(((Closure *)each)->captured, each->count); break;
    case T_ERROR: case T_RAISED: move_each(&((Error *)each)->tag, 4); break;
    default: break;
    }
}

/* What is scanned moves more, which is scanned in turn: each chunk knows the one that was begun after it. */
static void scan(Chunk *chunk, size_t at) {
    for (;;) {
        char *end = chunk == chunks ? heap_top : (char *)chunk + chunk->used;
        if ((char *)chunk + at < end) {
            Object *each = (Object *)((char *)chunk + at);
            move_parts(each);
            at += object_size(each);
            continue;
        }
        if (chunk == chunks) return;
        chunk = chunk->newer;
        at = sizeof(Chunk);
    }
}

static void move_roots(void) {
    move_each(machine.stack, (size_t)(machine.sp - machine.stack));
    move_each(machine.globals, machine.global_count);
    move_each(&machine.result, 3);
    for (Handler *each = machine.handlers; each < machine.handler; each++) move_each(&each->handling, 1);
}

void collect(void) {
    Chunk *old = chunks;
    int64_t steps = machine.steps;
    chunks = NULL;
    heap_top = heap_end = NULL;
    allocated = 0;
    object_slow(8);
    heap_top -= 8;
    Chunk *first = chunks;
    move_roots();
    scan(first, sizeof(Chunk));
    while (old != NULL) {
        Chunk *next = old->next;
        pages_free(old, old->bytes);
        old = next;
    }
    size_t alive = allocated + (size_t)((char *)machine.sp - (char *)machine.stack);
    collect_at = allocated + (2 * alive > FIRST_COLLECTION ? 2 * alive : FIRST_COLLECTION);
    is_collection_due = collects_always;
    machine.steps = steps;
}

/* Let there be a collection at each call, which is how tests find values that the collector does not know of. */
void EXPORT(collect_always)(bool always) { collects_always = is_collection_due = always; }
