// How a convolution is laid out in memory while it is computed; the same for float and double.
//
// Around the planes of an example stand the zeros of the padding, so that no sum has to look where a plane ends. With a
// stride of s, rows (and columns) that are s apart stand next to each other, in a plane for each phase that a weight
// meets. Then, whatever stride and dilation are, output position q = y·width + x meets through a weight the position
// q + offset of that weight's phase: a convolution is a sum of products along memory. Positions between the end of a row of
// the output and the width of these planes are computed too, and dropped.
#pragma once
#include "gradient_convolution.h"
#include "kernels.h"

enum { GK_MOST_ROWS = 8, GK_MOST_VECTORS = 3, GK_LINE = 16 };

// Where one element of a kernel meets the planes.
typedef struct {
  int32_t tap;     // Its place in the kernel.
  int32_t phase;   // The plane that it meets,
  int32_t offset;  // and how far from the output's own position.
} gk_tap;

typedef struct {
  gk_convolution shape;
  size_t taps;              // The elements of a kernel.
  size_t in, out;           // The channels of one group.
  size_t phases_y, phases_x;
  size_t height, width;     // Of the plane of one phase,
  size_t plane;             // and its positions.
  size_t lead;              // The farthest that a tap reaches.
  size_t positions;         // From the first to the last position of the output.
  size_t delta_plane;       // A plane of the output with zeros on both sides.
} gk_convolution_plan;

// Whether a vector of 64 bytes is one register, of which there are 32.
bool gk_has_wide_registers(void);

static inline size_t gk_round_up(size_t count, size_t line) { return (count + line - 1) / line * line; }
static inline size_t gk_smaller(size_t a, size_t b) { return a < b ? a : b; }

// How many phases k weights meet that are d apart, the stride being s: k·d mod s repeats after s / gcd(s, d).
static inline size_t gk_phases(size_t kernel, size_t stride, size_t dilation) {
  size_t a = stride, b = dilation;
  while (b != 0) { size_t rest = a % b; a = b; b = rest; }
  return gk_smaller(kernel, stride / a);
}

static inline gk_convolution_plan gk_plan(const gk_convolution *s) {
  gk_convolution_plan p = {.shape = *s};
  p.taps = s->kernel_height * s->kernel_width;
  p.in = s->channels / s->groups;
  p.out = s->out_channels / s->groups;
  p.phases_y = gk_phases(s->kernel_height, s->stride_height, s->dilation_height);
  p.phases_x = gk_phases(s->kernel_width, s->stride_width, s->dilation_width);
  size_t reach_y = (s->kernel_height - 1) * s->dilation_height / s->stride_height;
  size_t reach_x = (s->kernel_width - 1) * s->dilation_width / s->stride_width;
  p.height = s->out_height + reach_y;
  p.width = s->out_width + reach_x;
  p.plane = p.height * p.width;
  p.lead = reach_y * p.width + reach_x;
  p.positions = (s->out_height - 1) * p.width + s->out_width;
  p.delta_plane = p.lead + p.plane;
  return p;
}

// The taps of a kernel, those that meet the same phase one after the other.
static inline void gk_list_taps(const gk_convolution_plan *p, gk_tap *taps) {
  const gk_convolution *s = &p->shape;
  for (size_t phase = 0; phase < p->phases_y * p->phases_x; phase++)
    for (size_t y = phase / p->phases_x; y < s->kernel_height; y += p->phases_y)
      for (size_t x = phase % p->phases_x; x < s->kernel_width; x += p->phases_x)
        *taps++ = (gk_tap){
            (int32_t)(y * s->kernel_width + x), (int32_t)phase,
            (int32_t)(y * s->dilation_height / s->stride_height * p->width +
                      x * s->dilation_width / s->stride_width)};
}

// How many of the taps meet a phase.
static inline size_t gk_taps_of_phase(const gk_convolution_plan *p, size_t phase) {
  size_t y = phase / p->phases_x, x = phase % p->phases_x;
  return ((p->shape.kernel_height - y + p->phases_y - 1) / p->phases_y) *
         ((p->shape.kernel_width - x + p->phases_x - 1) / p->phases_x);
}

// Where along one axis the positions of a plane lie in the input: position i at i·step + first − before, for those that
// are within it.
typedef struct {
  size_t begin, end, step;
  ptrdiff_t first;
} gk_stretch;

static inline gk_stretch gk_stretch_of(size_t phase, size_t stride, size_t dilation, size_t before,
                                       size_t size, size_t positions) {
  gk_stretch s = {.step = stride, .first = (ptrdiff_t)(phase * dilation % stride) - (ptrdiff_t)before};
  s.begin = s.first >= 0 ? 0 : gk_smaller(((size_t)-s.first + stride - 1) / stride, positions);
  ptrdiff_t rest = (ptrdiff_t)size - s.first;
  s.end = rest <= 0 ? 0 : gk_smaller(((size_t)rest + stride - 1) / stride, positions);
  if (s.end < s.begin) s.end = s.begin;
  return s;
}

static inline gk_stretch gk_rows(const gk_convolution_plan *p, size_t phase) {
  const gk_convolution *s = &p->shape;
  return gk_stretch_of(phase / p->phases_x, s->stride_height, s->dilation_height, s->top, s->height,
                       p->height);
}

static inline gk_stretch gk_columns(const gk_convolution_plan *p, size_t phase) {
  const gk_convolution *s = &p->shape;
  return gk_stretch_of(phase % p->phases_x, s->stride_width, s->dilation_width, s->left, s->width,
                       p->width);
}

// How vectors cover a rectangle of a plane. Where its rows are whole vectors, or half of one and even in number, they hold
// nothing else, and lie one after the other as in a plane without zeros around. Otherwise they run on over the zeros.
typedef struct {
  bool is_exact, is_halved;
  size_t positions;  // From the first to the last, without what is skipped.
  size_t row, skip;  // After so many positions so many are skipped.
} gk_covering;

static inline gk_covering gk_covering_of(const gk_convolution_plan *p, size_t height, size_t width,
                                         size_t lanes) {
  if (width % lanes == 0) return (gk_covering){true, false, height * width, width, p->width - width};
  if (width * 2 == lanes && height % 2 == 0)
    return (gk_covering){true, true, height * width, lanes, 2 * p->width - lanes};
  return (gk_covering){.positions = (height - 1) * p->width + width, .row = SIZE_MAX};
}

// A channel's phases with a line of zeros behind them, so that what is read beyond their end is no other channel's.
static inline size_t gk_plane_step(const gk_convolution_plan *p) {
  return gk_round_up(p->phases_y * p->phases_x * p->plane, GK_LINE) + GK_LINE;
}

// Whether the gradient of the weights is summed with the positions side by side. A vector of sums for each weight must stay
// in the cache of a core, and be loaded and stored seldom enough.
static inline bool gk_sums_over_positions(const gk_convolution_plan *p) {
  const bool has_few_channels = p->in < GK_MOST_ROWS || p->out < GK_MOST_ROWS;
  return p->out * p->in * p->taps <= 8192 && (has_few_channels || p->positions >= 128);
}

// What a slot holds, in numbers, each part beginning on a line of the cache.
typedef struct {
  size_t planes;   // The input's planes of one group, also with the channels innermost, or the output's with zeros.
  size_t columns;  // δ of one group, with zeros between its rows or with the channels innermost.
  size_t tile;     // Some channels of a result before they are put in their place.
  size_t sums;     // The gradient of the weights, summed over the slot's examples.
  size_t slot;
  size_t taps, weights;  // What all slots share.
} gk_convolution_rooms;

static inline gk_convolution_rooms gk_rooms(const gk_convolution_plan *p) {
  const size_t slack = GK_MOST_VECTORS * GK_LINE;
  const bool over_positions = gk_sums_over_positions(p);
  size_t planes = p->in * gk_plane_step(p), deltas = p->out * p->delta_plane;
  if (!over_positions) planes += gk_round_up(p->in, GK_LINE) * p->phases_y * p->phases_x * p->plane;
  planes = planes > deltas ? planes : deltas;
  const size_t out = gk_round_up(p->out, GK_LINE), size = p->shape.out_height * p->shape.out_width;
  gk_convolution_rooms r = {
      .planes = gk_round_up(planes + slack, GK_LINE),
      .columns = over_positions ? p->out * gk_round_up(p->positions, GK_LINE) : out * size,
      .tile = GK_MOST_ROWS * gk_round_up(p->plane, GK_LINE),
      .sums = p->shape.groups * p->in * p->taps * (over_positions ? p->out * GK_LINE : out),
      .taps = gk_round_up(p->taps * sizeof(gk_tap) / sizeof(float), GK_LINE),
      .weights = gk_round_up(p->shape.out_channels * p->in * p->taps, GK_LINE)};
  r.slot = r.planes + r.columns + r.tile + r.sums;
  return r;
}
