#include "kernels.h"

#define REAL float
#define INT int32_t
#define NAME(x) x##_f32
#define EXP expf
#define LOG logf
#define TANH tanhf
#define ERF erff
#define SQRT sqrtf
#define FRACTION_BITS 23
#define EXPONENT_BIAS 127
#define MAGNITUDE_MASK ((INT)0x7fffffff)
#define SMALLEST_NORMAL ((INT)0x00800000)
#define INFINITY_BITS ((INT)0x7f800000)
#define BLAS_PRODUCT sgemm

#include "kernels.inc"
#include "prelu.inc"
#include "optimizers.inc"
#include "products.inc"
#include "softmax.inc"
