// The rows of the map: each layer's place in the network, its value at the selected step, and its values at all steps.

function drawSelectedRow(layer) {
  brush.fillStyle = colors.absent;
  const height = Math.max(place.rowHeight, 4);
  brush.fillRect(0, rowY(layer) - height / 2, place.left - 4, height);
}

let cellImage = {key: null, image: null};

/** The colors of all layers at all steps: a pixel of the screen wide, so that a spike is seen however short it is. */
function drawCells(quantity, selection) {
  const pixels = Math.max(1, Math.round((place.right - place.left) * (window.devicePixelRatio || 1)));
  const key = [quantity.id, pixels, colors.background].join();
  if (cellImage.key !== key) cellImage = {key, image: cellColors(quantity, pixels)};
  brush.imageSmoothingEnabled = false;
  brush.drawImage(cellImage.image, place.left, place.top, place.right - place.left, place.bottom - place.top);
  if (place.rowHeight < 8) return;
  for (let row = 1; row < run.layers.length; row++) {
    const y = place.top + row * place.rowHeight;
    line([[place.left, y], [place.right, y]], colors.background);
  }
}

function cellColors(quantity, pixels) {
  const image = document.createElement("canvas");
  image.width = pixels;
  image.height = run.layers.length;
  const context = image.getContext("2d");
  const data = context.createImageData(pixels, image.height);
  const absent = channels(colors.absent);
  const steps = shownLast - shownFirst + 1;
  for (let x = 0; x < pixels; x++) {
    const first = columnAt(shownFirst + x / pixels * steps);
    const last = Math.max(first, columnAt(shownFirst + (x + 1) / pixels * steps - 1e-6));
    for (let row = 0; row < image.height; row++) {
      const series = quantity.series[row];
      if (!series) continue;
      const rgb = cellChannels(series.cell(first, last), quantity.range) ?? absent;
      data.data.set([...rgb, 255], 4 * (row * pixels + x));
    }
  }
  context.putImageData(data, 0, 0);
  return image;
}

/** Each layer's value at the selected step, as far as δ has come. */
function drawBars(quantity, selection, front) {
  const {bars, rowHeight} = place;
  // Thin rows touch, as gaps would make them pale.
  const height = rowHeight < 5 ? rowHeight + 0.5 : rowHeight * 0.7;
  quantity.series.forEach((series, row) => {
    const cell = series.cell(selection.column);
    if (cell.kind === NOTHING || front !== null && row < front) return;
    const [low, high] = quantity.range;
    const share = cell.kind === VALUE ? (cell.mean - low) / (high - low) : cell.kind === ZERO ? 0 : 1;
    const width = Math.max(2, Math.min(share, 1) * bars.width);
    brush.fillStyle = css(cellChannels(cell, quantity.range));
    brush.fillRect(bars.x, rowY(row) - height / 2, width, height);
    if (bars.text && (rowHeight >= 13 || row === selection.layer)) {
      const text = cell.kind === NON_FINITE ? "NaN" : cell.kind === ZERO ? "0" : valueText(quantity, cell.mean);
      write(text, bars.x + width + 5, rowY(row), {halo: rowHeight < 13, color: colors.ink});
    }
  });
}

/** The network as a column: lines from each layer to those that it feeds, and a dot in the color of its value. */
function drawNetwork(quantity, selection, front) {
  const radius = Math.min(7, Math.max(1.5, place.rowHeight * 0.38));
  const thickness = place.rowHeight < 6 ? 1 : 2;
  run.layers.forEach((layer, row) => {
    for (const input of layer.inputs) {
      const isPassed = front !== null && input >= front;
      line(edge(input, row), isPassed ? colors.accent : colors.axis, thickness);
    }
  });
  if (front !== null) drawPulses(front, radius);
  run.layers.forEach((layer, row) => {
    const size = layer.isWeighted || place.rowHeight < 6 ? radius : radius * 0.65;
    const series = quantity?.series[row];
    const isReached = front === null || row >= front;
    const rgb = series && isReached ? cellChannels(series.cell(selection.column), quantity.range) : null;
    const isSelected = row === selection.layer;
    const rim = rgb ? place.rowHeight < 6 ? null : colors.background : colors.axis;
    disc(laneX(row), rowY(row), size, rgb ? css(rgb) : colors.background, isSelected ? colors.ink : rim, isSelected ? 2 : 1.5);
  });
}

/** The way from a layer down to one that it feeds: straight in its own lane, at the end over to the other's. */
function edge(input, row) {
  return [[laneX(input), rowY(input)], [laneX(input), rowY(row - 1)], [laneX(row), rowY(row)]];
}

/** Where δ is now: a bright dot on every line that it is passing. */
function drawPulses(front, radius) {
  const y = rowY(front);
  run.layers.forEach((layer, row) => {
    for (const input of layer.inputs) {
      if (!(input <= front && front <= row)) continue;
      const share = Math.min(Math.max(front - (row - 1), 0), 1);
      const x = laneX(input) + (laneX(row) - laneX(input)) * share;
      disc(x, y, radius + 3, colors.accent);
    }
  });
}

/** The names of as many layers as have room, those of the findings first. */
function drawNames(selection) {
  const root = run.findings.find(finding => finding.isRoot);
  const inFinding = new Set(root ? [root.layer, ...root.layers] : []);
  const apart = 13;
  const taken = [];
  const rows = [selection.layer, root?.layer ?? 0, 0, run.layers.length - 1, ...run.layers.keys()];
  for (const row of rows) {
    const y = rowY(row);
    if (taken.some(other => Math.abs(other - y) < Math.min(apart, place.rowHeight - 0.01) ||
      Math.abs(other - y) < apart && place.rowHeight < apart)) continue;
    taken.push(y);
    write(fitted(run.layers[row].short, place.names.width), place.names.x, y, {
      color: inFinding.has(row) ? colors["accent-ink"] : row === selection.layer ? colors.ink : colors.secondary,
      bold: row === selection.layer,
    });
  }
}
