#include "kernels.h"
#include "vector_math.h"

#define REAL float
#define INT int32_t
#define NAME(x) x##_f32
#define SLEEF_512(function) Sleef_##function##f16_u10avx512f
#define SLEEF_256(function) Sleef_##function##f8_u10avx2
#if defined(__aarch64__)
#define SLEEF_128(function) Sleef_##function##f4_u10advsimd
#else
#define SLEEF_128(function) Sleef_##function##f4_u10sse2
#endif

#include "maps_levels.inc"
