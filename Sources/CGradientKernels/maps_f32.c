#include "kernels.h"
#include "vector_math.h"

#define REAL float
#define INT int32_t
#define NAME(x) x##_f32
// 3.5 units in the last place, 4e-7, in a third of the time of 1 unit.
#define QUICK u35
#define SLEEF_512(function, accuracy) Sleef_##function##f16_##accuracy##avx512f
#define SLEEF_256(function, accuracy) Sleef_##function##f8_##accuracy##avx2
#if defined(__aarch64__)
#define SLEEF_128(function, accuracy) Sleef_##function##f4_##accuracy##advsimd
#else
#define SLEEF_128(function, accuracy) Sleef_##function##f4_##accuracy##sse2
#endif

#include "maps_levels.inc"
