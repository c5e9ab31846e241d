#include "kernels.h"

#define REAL double
#define INT int64_t
#define NAME(x) x##_f64
#define EXP exp
#define LOG log
#define LOG1P log1p
#define TANH tanh
#define ERF erf
#define SQRT sqrt
#define FRACTION_BITS 52
#define EXPONENT_BIAS 1023
#define MAGNITUDE_MASK ((INT)0x7fffffffffffffff)
#define SMALLEST_NORMAL ((INT)0x0010000000000000)
#define INFINITY_BITS ((INT)0x7ff0000000000000)
#define SUM double
#define BLAS_PRODUCT dgemm
// The elements of two vectors in turn, of their first halves or their second.
#define SHUFFLE_LOW(a, b) __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define SHUFFLE_HIGH(a, b) __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15)

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
