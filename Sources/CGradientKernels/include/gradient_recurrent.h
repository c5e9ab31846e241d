// Recurrent layers: one direction of one layer, over all steps of a batch of sequences.
//
// Everything is examples × steps × features in memory. A sequence of unequal length ends where `lengths` says; what a pass
// writes past its end is zero. A layer that runs backward in time is given its input in the order in which it reads it.
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef enum { GK_RNN_TANH, GK_RNN_RELU, GK_LSTM, GK_GRU } gk_cell;

#define GK_DECLARE_RECURRENT(REAL, S)                                                              \
  typedef struct {                                                                                 \
    gk_cell cell;                                                                                  \
    size_t examples, steps, inputs, units;                                                         \
    /* How many steps of each example are valid; null if all are. */                               \
    const int32_t *lengths;                                                                        \
    const REAL *input;                                                                             \
    /* [gates·units, inputs], [gates·units, units], and twice [gates·units], in PyTorch's order */ \
    /* of gates: LSTM i f g o, GRU r z n. */                                                       \
    const REAL *weight_input, *weight_hidden, *bias_input, *bias_hidden;                           \
    /* Scratch of the forward pass. */                                                             \
    REAL *weight_hidden_transposed;                                                                \
    /* What the forward pass writes: the gates; of an LSTM, c_{t−1} and tanh c_t side by side, of */\
    /* a GRU, W_hn h_{t−1} + b_hn; h_{t−1}; h_t. */                                                \
    REAL *gates, *state, *previous, *output;                                                       \
    /* dE/dh_t as it comes from above, rows of `delta_stride`; the backward pass adds what comes */\
    /* from later steps. */                                                                        \
    REAL *delta;                                                                                   \
    size_t delta_stride;                                                                           \
    /* Scratch: dE/d(gate before its nonlinearity); of an LSTM, dE/dc of one step, of a GRU, */    \
    /* dE/d(W_hn h_{t−1} + b_hn). */                                                               \
    REAL *gate_delta, *state_delta;                                                                \
    /* What the backward pass writes; `input_delta` may be null. */                                \
    REAL *input_delta;                                                                             \
    REAL *weight_input_gradient, *weight_hidden_gradient;                                          \
    REAL *bias_input_gradient, *bias_hidden_gradient;                                              \
  } gk_recurrence_##S;                                                                             \
  void gk_recurrent_forward_##S(const gk_recurrence_##S *run);                                     \
  void gk_recurrent_backward_##S(const gk_recurrence_##S *run);                                    \
  /* Copies (or adds) the valid steps, in the same order or reversed; rows are as far apart as */  \
  /* the strides say. A copy writes zero past the end. */                                          \
  void gk_copy_steps_##S(size_t examples, size_t steps, size_t columns, const int32_t *lengths,    \
                         int reverses, int adds, const REAL *source, size_t source_stride,         \
                         REAL *target, size_t target_stride);                                      \
  /* Copies the last valid step of each example; zero where there is none. */                      \
  void gk_copy_last_step_##S(size_t examples, size_t steps, size_t columns,                        \
                             const int32_t *lengths, const REAL *source, REAL *target,             \
                             size_t target_stride);                                                \
  /* Its backward: writes each row to its example's last valid step, and zero to the others. */    \
  void gk_copy_to_last_step_##S(size_t examples, size_t steps, size_t columns,                     \
                                const int32_t *lengths, const REAL *source, size_t source_stride,  \
                                REAL *target, size_t target_stride);                               \
  /* Adds Σx² of each step over the examples for which it is valid, and how many numbers those are. */ \
  void gk_add_squares_by_step_##S(size_t examples, size_t steps, size_t columns,                   \
                                  const int32_t *lengths, const REAL *values, double *sums,        \
                                  size_t *counts);

GK_DECLARE_RECURRENT(float, f32)
GK_DECLARE_RECURRENT(double, f64)
#undef GK_DECLARE_RECURRENT
