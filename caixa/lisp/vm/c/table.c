/* The table of natives, in the order of natives.def. */
#include "machine.h"

#define N(function, name, least, most) Value native_##function(uint32_t count, Value *arguments);
#include "natives.def"
#undef N
#define N(function, name, least, most) {name, native_##function, least, most},
const NativeEntry natives[] = {
#include "natives.def"
};
const uint32_t native_count = sizeof natives / sizeof natives[0];
