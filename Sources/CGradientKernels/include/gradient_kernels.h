// The few hot loops of the training core, and the door to OpenBLAS.
//
// Everything here works on contiguous row-major memory that the caller owns, for `float` (suffix _f32) and `double`
// (_f64) from one source, kernels.inc. Elementwise kernels allow their output to be one of their inputs. Nothing
// checks sizes: the Swift side does, before it calls.
#pragma once
#include "gradient_dual.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "gradient_losses.h"
#include "gradient_maps.h"
#include "gradient_softmax.h"

// What one pass over a tensor finds. `max_magnitude` is NaN or infinite if any value is.
typedef struct {
  double sum, sum_of_squares, max_magnitude;
  uint64_t zeros, subnormal, non_finite;
} gk_summary;

#define GK_HISTOGRAM_BINS 64
#define GK_HISTOGRAM_LOWEST_EXPONENT (-48)

#define GK_DECLARE_ARITHMETIC(REAL, S)                                                             \
  /* Arithmetic, element by element. */                                                             \
  void gk_add_##S(size_t n, const REAL *a, const REAL *b, REAL *c);                                \
  void gk_subtract_##S(size_t n, const REAL *a, const REAL *b, REAL *c);                           \
  void gk_multiply_##S(size_t n, const REAL *a, const REAL *b, REAL *c);                           \
  void gk_divide_##S(size_t n, const REAL *a, const REAL *b, REAL *c);                             \
  void gk_scale_##S(size_t n, REAL factor, REAL offset, const REAL *a, REAL *c);                   \
  void gk_convert_##S(size_t n, const double *a, REAL *c);                                         \
  /* Rows: add a vector to each; sum them into a vector. */                                        \
  void gk_add_to_rows_##S(size_t rows, size_t columns, const REAL *vector, REAL *matrix);          \
  void gk_sum_rows_##S(size_t rows, size_t columns, const REAL *matrix, REAL *vector);             \
  /* C ← α·op(A)·op(B) + β·C, with op(A) m × k and op(B) k × n. */                                 \
  void gk_product_##S(int transpose_a, int transpose_b, size_t m, size_t n, size_t k, REAL alpha,  \
                      const REAL *a, const REAL *b, REAL beta, REAL *c);                           \
  /* The same within larger matrices: lda, ldb, ldc are from one row in memory to the next. */     \
  void gk_product_strided_##S(int transpose_a, int transpose_b, size_t m, size_t n, size_t k,      \
                              REAL alpha, const REAL *a, size_t lda, const REAL *b, size_t ldb,    \
                              REAL beta, REAL *c, size_t ldc);

GK_DECLARE_ARITHMETIC(float, f32)
GK_DECLARE_ARITHMETIC(double, f64)
GK_DECLARE_ARITHMETIC(gk_dual, dual)
#undef GK_DECLARE_ARITHMETIC

#define GK_DECLARE_STATISTICS(REAL, S)                                                             \
  /* Statistics; of units, which are the columns of a matrix (size 1) or planes, how many numbers     \
     aren't zero, and of a saturating activation, how many lie outside of its range. */            \
  gk_summary gk_summarize_##S(size_t n, const REAL *values);                                       \
  gk_summary gk_summarize_units_##S(size_t examples, size_t units, size_t size,                    \
                                    const REAL *values, uint32_t *active);                         \
  gk_summary gk_summarize_saturating_##S(size_t n, const REAL *values, REAL low, REAL high,        \
                                         size_t *outside);                                         \
  /* Added to the bins: how many |factor·x| lie in each power of two. */                           \
  void gk_histogram_##S(size_t n, REAL factor, const REAL *values, uint32_t *bins);                \
  void gk_sum_magnitudes_##S(size_t examples, size_t units, size_t size, const REAL *values,       \
                             REAL *sums);                                                          \
  /* The strided product without OpenBLAS, which it stands in for where there is none. */          \
  void gk_plain_product_##S(int transpose_a, int transpose_b, size_t m, size_t n, size_t k,        \
                            REAL alpha, const REAL *a, size_t lda, const REAL *b, size_t ldb,      \
                            REAL beta, REAL *c, size_t ldc);

GK_DECLARE_STATISTICS(float, f32)
GK_DECLARE_STATISTICS(double, f64)
#undef GK_DECLARE_STATISTICS

// A task for a part of a loop: the indices from `begin` to below `end`.
typedef void (*gk_task)(void *context, size_t begin, size_t end);
// Splits the indices below `count` into at most as many ranges as there are threads, of at least `grain` each, and runs
// them at the same time. The ranges depend on the numbers alone. A call from within a task runs on its own thread.
void gk_parallel(size_t count, size_t grain, gk_task task, void *context);
// Sets how many threads a loop or a matrix product may use; at first, as many as there are processors.
void gk_set_threads(int threads);
int gk_threads(void);
// Has every block of a megabyte and more returned to the system once it is freed.
void gk_return_large_blocks(void);
// What the choice of OpenBLAS's kernels depends on.
typedef struct {
  bool is_amd, has_avx512;
} gk_cpu;
gk_cpu gk_this_cpu(void);
// The kernels to ask OpenBLAS for on such a CPU, or null where its own choice is good.
const char *gk_better_core(gk_cpu cpu);
// Whether OpenBLAS's kernels of that name multiply small matrices where they lie, instead of rearranging them first.
bool gk_core_multiplies_in_place(const char *core);
// What computes matrix products: "OpenBLAS 0.3.21 SkylakeX", or "plain loops" where no OpenBLAS was found.
const char *gk_product_backend(void);
