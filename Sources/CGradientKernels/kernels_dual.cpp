// The forward passes once more, with dual numbers for REAL.
#include "dual.hpp"
#include <stdlib.h>
extern "C" {
#include "gradient_convolution.h"
#include "kernels.h"

#define REAL gk_dual
#define NAME(x) x##_dual
#define SUM gk_dual
#define EXP exp
#define EXPM1 expm1
#define LOG log
#define LOG1P log1p
#define TANH tanh
#define ERF erf
#define SQRT sqrt
// Clang doesn't emit a constructor that only static clones call.
#define static

// The seeds of different directions go to different threads, not the parts of one pass.
INLINE void run_whole(size_t count, size_t, gk_task task, void *context) {
  task(context, 0, count);
}
#define gk_parallel run_whole
enum { NAME(least_work_of_a_part) = 1 };

INLINE gk_dual NAME(row_sum)(size_t n, const gk_dual *x) {
  gk_dual sum = 0;
  for (size_t i = 0; i < n; i++) sum += x[i];
  return sum;
}

INLINE gk_dual NAME(dot)(size_t n, const gk_dual *x, const gk_dual *y) {
  gk_dual sum = 0;
  for (size_t i = 0; i < n; i++) sum += x[i] * y[i];
  return sum;
}

// What every number of a row is shifted by cancels, so which one it is bends nothing.
INLINE gk_dual NAME(largest)(size_t n, const gk_dual *x) {
  size_t largest = 0;
  for (size_t i = 1; i < n; i++) largest = x[i].value > x[largest].value ? i : largest;
  return x[largest];
}

INLINE void NAME(transpose)(size_t rows, size_t columns, const gk_dual *matrix, size_t stride,
                            gk_dual *transposed) {
  for (size_t r = 0; r < rows; r++)
    for (size_t c = 0; c < columns; c++) transposed[c * rows + r] = matrix[r * stride + c];
}

#include "arithmetic.inc"
#include "losses.inc"
#include "maps_dual.inc"
#include "dual_products.inc"
#include "prelu.inc"
#include "softmax.inc"
#include "sums.inc"
#include "normalization.inc"
#include "dropout.inc"
#include "sequences.inc"
#include "attention.inc"
#include "recurrent.inc"
#include "pooling.inc"
#include "planes.inc"

CLONES void gk_weigh_tangents(size_t n, const gk_dual *x, const double *weights, double *sums) {
  gk_dual total = 0;
  for (size_t i = 0; i < n; i++) total += gk_dual(weights[i]) * x[i];
  memcpy(sums, total.tangents, sizeof total.tangents);
}
}
#include "dual_convolution.inc"
