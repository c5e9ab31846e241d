#include "kernels.h"
#include "vector_math.h"

#define REAL double
#define INT int64_t
#define NAME(x) x##_f64
#define QUICK u10
#define SLEEF_512(function, accuracy) Sleef_##function##d8_##accuracy##avx512f
#define SLEEF_256(function, accuracy) Sleef_##function##d4_##accuracy##avx2
#if defined(__aarch64__)
#define SLEEF_128(function, accuracy) Sleef_##function##d2_##accuracy##advsimd
#else
#define SLEEF_128(function, accuracy) Sleef_##function##d2_##accuracy##sse2
#endif

#include "maps_levels.inc"
