#include "kernels.h"

#define REAL float
#define INT int32_t
#define NAME(x) x##_f32
#define EXP expf
#define LOG logf
#define TANH tanhf
#define SQRT sqrtf
#define FRACTION_BITS 23
#define EXPONENT_BIAS 127
#define MAGNITUDE_MASK ((INT)0x7fffffff)
#define SMALLEST_NORMAL ((INT)0x00800000)
#define INFINITY_BITS ((INT)0x7f800000)

#include "kernels.inc"

void gk_product_f32(int transpose_a, int transpose_b, size_t m, size_t n, size_t k, float alpha,
                    const float *a, const float *b, float beta, float *c) {
  gk_sgemm gemm = gk_open_blas()->sgemm;
  if (gemm == NULL) {
    gk_plain_product_f32(transpose_a, transpose_b, m, n, k, alpha, a, b, beta, c);
    return;
  }
  const int row_major = 101, as_is = 111, transposed = 112;
  gemm(row_major, transpose_a ? transposed : as_is, transpose_b ? transposed : as_is, (int)m,
       (int)n, (int)k, alpha, a, (int)(transpose_a ? m : k), b, (int)(transpose_b ? k : n), beta,
       c, (int)n);
}
