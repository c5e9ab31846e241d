// SLEEF's functions on the vectors of a CPU.
#pragma once
#include <stddef.h>

// A function on one vector of whatever width, given and returned in a register.
typedef void (*gk_vector_function)(void);

#if defined(__x86_64__) && defined(__linux__)
#define GK_HAS_WIDE_VECTORS 1
// Replace each of the `count` vectors at `vectors` by what the function makes of it. In assembly, because in C a vector
// wider than the baseline's is passed in memory, unless the whole file is compiled for the wider ones.
void gk_apply_512(gk_vector_function function, void *vectors, size_t count);
void gk_apply_256(gk_vector_function function, void *vectors, size_t count);
#endif
