#include "kernels.h"

#define REAL float
#define INT int32_t
#define NAME(x) x##_f32
#define EXP expf
#define LOG logf
#define LOG1P log1pf
#define TANH tanhf
#define ERF erff
#define SQRT sqrtf
#define FRACTION_BITS 23
#define EXPONENT_BIAS 127
#define MAGNITUDE_MASK ((INT)0x7fffffff)
#define SMALLEST_NORMAL ((INT)0x00800000)
#define INFINITY_BITS ((INT)0x7f800000)
#define SUM double
#define BLAS_PRODUCT sgemm
// The elements of two vectors in turn, of their first halves or their second.
#define SHUFFLE_LOW(a, b)                                                                          \
  __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define SHUFFLE_HIGH(a, b)                                                                         \
  __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)

#include "kernels.inc"
#include "arithmetic.inc"
#include "lanes.inc"
#include "statistics.inc"
#include "prelu.inc"
#include "prelu_backward.inc"
#include "losses.inc"
#include "losses_backward.inc"
#include "optimizers.inc"
#include "transposes.inc"
#include "products.inc"
#include "softmax.inc"
#include "sums.inc"
#include "normalization.inc"
#include "normalization_backward.inc"
#include "dropout.inc"
#include "sequences.inc"
#include "attention.inc"
#include "attention_backward.inc"
#include "recurrent.inc"
#include "recurrent_backward.inc"
