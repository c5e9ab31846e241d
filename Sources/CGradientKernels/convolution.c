#include "convolution.h"

bool gk_has_wide_registers(void) {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512f");
#else
  return false;
#endif
}

// A product that is SIZE_MAX where it, or a factor, is too large to be a size.
static size_t times(size_t a, size_t b) {
  size_t product;
  return a == SIZE_MAX || b == SIZE_MAX || __builtin_mul_overflow(a, b, &product) ? SIZE_MAX : product;
}

size_t gk_convolution_scratch(const gk_convolution *s, size_t slots, size_t most) {
  // The planes with all their phases, and the weights, bound every other room but by the factors below.
  size_t height = s->out_height + (s->kernel_height - 1) * s->dilation_height / s->stride_height;
  size_t width = s->out_width + (s->kernel_width - 1) * s->dilation_width / s->stride_width;
  size_t taps = times(s->kernel_height, s->kernel_width);
  size_t phases = times(gk_phases(s->kernel_height, s->stride_height, s->dilation_height),
                        gk_phases(s->kernel_width, s->stride_width, s->dilation_width));
  size_t channels = s->channels > s->out_channels ? s->channels : s->out_channels;
  size_t planes = times(times(times(height, width), phases), times(channels, 4 * GK_LINE));
  size_t weights = times(times(taps, s->channels), times(s->out_channels, 4 * GK_LINE));
  if (planes == SIZE_MAX || weights == SIZE_MAX) return SIZE_MAX;
  gk_convolution_plan plan = gk_plan(s);
  if (plan.plane > INT32_MAX || taps > INT32_MAX) return SIZE_MAX;
  gk_convolution_rooms rooms = gk_rooms(&plan);
  size_t all = times(rooms.slot, slots);
  if (all > most) return SIZE_MAX;
  all += rooms.taps + rooms.weights;
  return all > most ? SIZE_MAX : all;
}
