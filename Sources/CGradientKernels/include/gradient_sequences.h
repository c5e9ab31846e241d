// What transformers add to dense layers: tables looked up by index, encodings of positions, and attention.
#pragma once
#include "gradient_dual.h"
#include <stddef.h>
#include <stdint.h>

// Queries × width, keys × width and values × width an example, the width divided among the heads.
typedef struct {
  size_t examples, heads, queries, keys, width;
  // Whether a query sees the keys up to its own position alone.
  int is_causal;
  // How many keys of each example are valid, and, where there are as many queries as keys, how many of these; or null.
  const int32_t *lengths;
} gk_attention_shape;

#define GK_DECLARE_SEQUENCES(REAL, S)                                                              \
  /* Row r of `rows` is the row of the table that indices[r] names; NaN if it names none. */       \
  void gk_gather_rows_##S(size_t count, size_t width, size_t rows, const REAL *indices,            \
                          const REAL *table, REAL *found);                                         \
  /* The table's gradient: each row the sum of those that named it. */                             \
  void gk_scatter_rows_##S(size_t count, size_t width, size_t rows, const REAL *indices,           \
                           const REAL *found, REAL *table);                                        \
  /* table[t][2i] = sin(t · 10000^(−2i/width)), table[t][2i + 1] = cos of the same. */             \
  void gk_sinusoids_##S(size_t positions, size_t width, REAL *table);                              \
  /* Of each head: weights = softmax(q kᵀ/√(width of the head)), mixture = weights · v. */         \
  void gk_attention_##S(gk_attention_shape shape, const REAL *q, const REAL *k, const REAL *v,     \
                        REAL *weights, REAL *mixture);                                             \
  /* `delta` comes in as that of the mixture and goes out as that of q; `dweights` is scratch. */  \
  void gk_attention_backward_##S(gk_attention_shape shape, const REAL *q, const REAL *k,           \
                                 const REAL *v, const REAL *weights, REAL *delta, REAL *dweights,  \
                                 REAL *dk, REAL *dv);

GK_DECLARE_SEQUENCES(float, f32)
GK_DECLARE_SEQUENCES(double, f64)
GK_DECLARE_SEQUENCES(gk_dual, dual)
#undef GK_DECLARE_SEQUENCES
