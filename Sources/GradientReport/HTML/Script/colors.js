// The page's colors, which the style sheet has for light and dark.

const colors = {};

/** Reads them anew, since they follow the system. */
function readColors() {
  const style = getComputedStyle(document.documentElement);
  for (const name of ["background", "ink", "secondary", "grid", "axis", "absent", "accent", "accent-ink", "data",
    "faint-data", "zero", "non-finite"]) {
    colors[name] = style.getPropertyValue(`--${name}`).trim();
  }
  colors.ramp = style.getPropertyValue("--ramp").split(",").map(stop => channels(stop.trim()));
}

/** Red, green and blue of `#RRGGBB`. */
function channels(hexadecimal) {
  return [1, 3, 5].map(start => parseInt(hexadecimal.slice(start, start + 2), 16));
}

/** The color of a value within a range, as its channels. */
function rampChannels(value, [low, high]) {
  const place = Math.min(Math.max((value - low) / (high - low), 0), 1) * (colors.ramp.length - 1);
  const below = Math.min(Math.floor(place), colors.ramp.length - 2);
  return colors.ramp[below].map((channel, i) =>
    Math.round(channel + (colors.ramp[below + 1][i] - channel) * (place - below)));
}

/** The color of a cell as its channels, or null where nothing was recorded. */
function cellChannels(cell, range) {
  switch (cell.kind) {
    case NOTHING: return null;
    case NON_FINITE: return channels(colors["non-finite"]);
    case ZERO: return channels(colors.zero);
    default: return rampChannels(shownValue(cell), range);
  }
}
