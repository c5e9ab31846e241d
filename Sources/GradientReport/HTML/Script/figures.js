"use strict";

// The figures of the run, as the page carries them, and how they are read and written.

/** The network, what every layer recorded in each column of steps, and the findings. */
const run = JSON.parse(document.getElementById("run").textContent);

/** What a cell of the map holds: a value, or one of the things that are none. */
const NOTHING = 0, NON_FINITE = 1, ZERO = 2, VALUE = 3;

/** An extreme is shown in place of a column's mean if it is further away than this, in decades. */
const SPIKE = 1;

/** A layer's series of one quantity: logarithms of it, or shares. */
class Series {
  constructor(stored) {
    this.low = stored.low;
    this.unit = stored.unit;
    this.mean = Series.codes(stored.mean);
    this.least = stored.least ? Series.codes(stored.least) : this.mean;
    this.largest = stored.largest ? Series.codes(stored.largest) : this.mean;
  }

  static codes(text) {
    const bytes = atob(text);
    return Uint16Array.from({length: bytes.length / 2},
      (_, i) => bytes.charCodeAt(2 * i) | bytes.charCodeAt(2 * i + 1) << 8);
  }

  value(code) { return this.low + (code - VALUE) * this.unit; }

  /** What was recorded in the columns from `first` to `last`: the worst that is no value, else mean and extremes. */
  cell(first, last = first) {
    const cell = {kind: NOTHING, low: Infinity, high: -Infinity, mean: NaN};
    let sum = 0, count = 0;
    for (let column = first; column <= last; column++) {
      const code = this.mean[column];
      if (code === NON_FINITE || code === ZERO && cell.kind !== NON_FINITE) cell.kind = code;
      if (this.least[column] >= VALUE) cell.low = Math.min(cell.low, this.value(this.least[column]));
      if (this.largest[column] >= VALUE) cell.high = Math.max(cell.high, this.value(this.largest[column]));
      if (code >= VALUE) { sum += this.value(code); count++; }
    }
    if (count) cell.mean = sum / count;
    if (count && cell.kind === NOTHING) cell.kind = VALUE;
    return cell;
  }
}

/** The mean of a cell, or the extreme that lies far from it. */
function shownValue(cell) {
  const extreme = cell.high - cell.mean > cell.mean - cell.low ? cell.high : cell.low;
  return Math.abs(extreme - cell.mean) > SPIKE ? extreme : cell.mean;
}

/** The columns of the run that are shown, the last included. */
const firstColumn = columnAt(run.columns.shown[0]);
const lastColumn = columnAt(run.columns.shown[1]);

/** The quantities by their id; of each the series by layer, and the range of what is shown. */
const quantities = new Map(run.quantities.map(quantity => {
  const series = [];
  for (const stored of quantity.series) series[stored.layer] = new Series(stored);
  const loaded = {...quantity, series};
  return [quantity.id, {...loaded, range: quantity.isLogarithmic ? decades(series) : [0, 1]}];
}));

/** The decades that the colors span: at least three, so that a healthy run looks as even as it is. */
function decades(series) {
  let low = Infinity, high = -Infinity;
  for (const row of series) {
    if (!row) continue;
    const cell = row.cell(firstColumn, lastColumn);
    low = Math.min(low, cell.low);
    high = Math.max(high, cell.high);
  }
  if (low > high) [low, high] = [-1, 0];
  const half = Math.max(high - low, 3) / 2;
  return [(low + high) / 2 - half, (low + high) / 2 + half];
}

/** The column that covers `step`, or the last before it. */
function columnAt(step) {
  const starts = run.columns.first;
  let low = 0, high = starts.length;
  while (low < high) {
    const middle = low + high >> 1;
    if (starts[middle] <= step) low = middle + 1; else high = middle;
  }
  return Math.max(0, low - 1);
}

/** The step behind a column's last. */
function endOf(column) {
  return column + 1 < run.columns.first.length
    ? run.columns.first[column + 1] : run.columns.last[column] + 1;
}

/** `step 160`, `steps 160–175`. */
function stepText(column) {
  const first = run.columns.first[column], last = run.columns.last[column];
  return first === last ? `step ${grouped(first)}` : `steps ${grouped(first)}–${grouped(last)}`;
}

function grouped(number) { return number.toLocaleString("en-US"); }

/** A number with a few significant figures: `0.30`, `41`, `5,100`, `3.0e-9`. */
function short(number, figures = 2) {
  if (!Number.isFinite(number)) return Number.isNaN(number) ? "NaN" : number > 0 ? "∞" : "−∞";
  if (number === 0) return "0";
  const exponent = Math.floor(Math.log10(Math.abs(number)));
  if (exponent < -3 || exponent > 4) return number.toExponential(figures - 1).replace("e+", "e");
  return number.toLocaleString("en-US", {minimumSignificantDigits: figures, maximumSignificantDigits: figures});
}

/** A value of a quantity, whose logarithm it may be. */
function valueText(quantity, value, figures) {
  return quantity.isLogarithmic ? short(10 ** value, figures) : `${short(100 * value, figures)} %`;
}

/** What a cell holds, in words. */
function cellText(quantity, cell, figures = 3) {
  switch (cell.kind) {
    case NOTHING: return "not recorded";
    case NON_FINITE: return "NaN or infinite";
    case ZERO:
      return cell.high > -Infinity
        ? `exactly 0 at some steps, up to ${valueText(quantity, cell.high, figures)}` : "exactly 0";
  }
  const mean = valueText(quantity, cell.mean, figures);
  const low = valueText(quantity, cell.low, figures), high = valueText(quantity, cell.high, figures);
  return low === high ? mean : `${mean} (${low} to ${high})`;
}
