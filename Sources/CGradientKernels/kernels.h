// What the two instances of kernels.inc share.
#pragma once
#include "gradient_dropout.h"
#include "gradient_kernels.h"
#include "gradient_normalization.h"
#include "gradient_sequences.h"
#include "gradient_recurrent.h"
#include "optimizer_kernels.h"
#include <math.h>
#include <stdbool.h>
#include <string.h>

// The compiler's baseline on x86-64 is SSE2; these clones let the loader pick AVX-512 or AVX2 where the CPU has it.
#if defined(__x86_64__) && defined(__linux__)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

// How many indices of a loop, each of so many values, keep one thread busy for longer than a second one takes to wake up.
#define GRAIN(values) (1 + 16384 / (values))

#define INLINE static inline __attribute__((always_inline))

// The functions of OpenBLAS that are used, with 32-bit sizes as Debian builds it.
typedef void (*gk_sgemm)(int order, int transpose_a, int transpose_b, int m, int n, int k,
                         float alpha, const float *a, int lda, const float *b, int ldb, float beta,
                         float *c, int ldc);
typedef void (*gk_dgemm)(int order, int transpose_a, int transpose_b, int m, int n, int k,
                         double alpha, const double *a, int lda, const double *b, int ldb,
                         double beta, double *c, int ldc);
typedef struct {
  gk_sgemm sgemm;
  gk_dgemm dgemm;
  // Whether its core multiplies small matrices where they lie, instead of rearranging them first.
  bool multiplies_in_place;
} gk_blas;

// The table, opened on first use; its entries are null where there is no OpenBLAS.
const gk_blas *gk_open_blas(void);
