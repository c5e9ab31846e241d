#include "kernels.h"

#define REAL double
#define INT int64_t
#define NAME(x) x##_f64
#define EXP exp
#define LOG log
#define TANH tanh
#define SQRT sqrt
#define FRACTION_BITS 52
#define EXPONENT_BIAS 1023
#define MAGNITUDE_MASK ((INT)0x7fffffffffffffff)
#define SMALLEST_NORMAL ((INT)0x0010000000000000)
#define INFINITY_BITS ((INT)0x7ff0000000000000)

#include "kernels.inc"

void gk_product_f64(int transpose_a, int transpose_b, size_t m, size_t n, size_t k, double alpha,
                    const double *a, const double *b, double beta, double *c) {
  gk_dgemm gemm = gk_open_blas()->dgemm;
  if (gemm == NULL) {
    gk_plain_product_f64(transpose_a, transpose_b, m, n, k, alpha, a, b, beta, c);
    return;
  }
  const int row_major = 101, as_is = 111, transposed = 112;
  gemm(row_major, transpose_a ? transposed : as_is, transpose_b ? transposed : as_is, (int)m,
       (int)n, (int)k, alpha, a, (int)(transpose_a ? m : k), b, (int)(transpose_b ? k : n), beta,
       c, (int)n);
}
