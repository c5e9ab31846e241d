// The picture of the run: above the loss, below a row for each layer, with its place in the network, its value at the
// selected step as a bar, and its values at all steps as colors.

const canvas = document.getElementById("map");
const brush = canvas.getContext("2d");

/** Where everything lies, in CSS pixels; `arrange` sets it. */
let place = {};

function arrange() {
  const width = canvas.parentElement.clientWidth;
  const narrow = width < 560;
  const rows = run.layers.length;
  const rowHeight = Math.min(34, Math.max(2, (rows > 40 ? 560 : 400) / rows));
  const laneWidth = Math.min(18, (narrow ? 40 : 110) / run.lanes);
  brush.font = "12px system-ui, sans-serif";
  const longest = Math.max(...run.layers.map(layer => brush.measureText(layer.short).width));
  const graph = {x: 12, width: (run.lanes - 1) * laneWidth + 22};
  const names = {x: graph.x + graph.width, width: Math.min(longest + 4, narrow ? 84 : 150)};
  const bars = {x: names.x + names.width + 8, width: narrow ? 40 : 96, text: narrow ? 0 : 56};
  const left = bars.x + bars.width + bars.text + (narrow ? 8 : 14);
  const marks = eventRows() * 16;
  const loss = {y: marks + 6, height: narrow ? 84 : 104};
  const top = loss.y + loss.height + 26;
  place = {
    width, narrow, rowHeight, laneWidth, graph, names, bars, loss, left, right: width - 8, top,
    bottom: top + rows * rowHeight, height: top + rows * rowHeight + 36,
  };
  const scale = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(place.height * scale);
  canvas.style.height = `${place.height}px`;
  brush.setTransform(scale, 0, 0, scale, 0, 0);
}

const [shownFirst, shownLast] = run.columns.shown;

function stepX(step) {
  return place.left + (step - shownFirst) / (shownLast - shownFirst + 1) * (place.right - place.left);
}

/** The middle of a column. */
function columnX(column) {
  return (stepX(Math.max(run.columns.first[column], shownFirst)) + stepX(Math.min(endOf(column), shownLast + 1))) / 2;
}

function columnUnder(x) {
  const share = (x - place.left) / (place.right - place.left);
  const step = shownFirst + share * (shownLast - shownFirst + 1);
  return Math.min(Math.max(columnAt(step), firstColumn), lastColumn);
}

function rowY(row) { return place.top + (row + 0.5) * place.rowHeight; }

function rowUnder(y) {
  return Math.min(Math.max(Math.floor((y - place.top) / place.rowHeight), 0), run.layers.length - 1);
}

function laneX(layer) { return place.graph.x + run.layers[layer].lane * place.laneWidth; }

/** The whole picture. `front` is the row that δ has come to on its way back, or null. */
function draw(selection, front) {
  brush.clearRect(0, 0, place.width, place.height);
  const quantity = quantities.get(selection.quantity);
  drawSelectedRow(selection.layer);
  if (quantity) {
    drawCells(quantity, selection);
    drawBars(quantity, selection, front);
  }
  drawNetwork(quantity, selection, front);
  drawNames(selection);
  drawLoss(selection.column);
  drawAxis();
  drawEvents();
  drawCursor(selection);
}

// Text and lines

function write(text, x, y, {color = colors.secondary, align = "left", bold = false, size = 12, halo = false} = {}) {
  brush.font = `${bold ? "600 " : ""}${size}px system-ui, sans-serif`;
  brush.textAlign = align;
  brush.textBaseline = "middle";
  if (halo) {
    brush.strokeStyle = colors.background;
    brush.lineWidth = 4;
    brush.lineJoin = "round";
    brush.strokeText(text, x, y);
  }
  brush.fillStyle = color;
  brush.fillText(text, x, y);
}

/** A text cut to `width`, an ellipsis where something is missing. */
function fitted(text, width) {
  brush.font = "12px system-ui, sans-serif";
  if (brush.measureText(text).width <= width) return text;
  let end = text.length;
  while (end > 1 && brush.measureText(text.slice(0, end) + "…").width > width) end--;
  return text.slice(0, end) + "…";
}

function line(points, color, width = 1, dash = []) {
  brush.beginPath();
  points.forEach(([x, y], index) => index ? brush.lineTo(x, y) : brush.moveTo(x, y));
  brush.strokeStyle = color;
  brush.lineWidth = width;
  brush.setLineDash(dash);
  brush.stroke();
  brush.setLineDash([]);
}

function disc(x, y, radius, fill, stroke, width = 1.5) {
  brush.beginPath();
  brush.arc(x, y, radius, 0, 2 * Math.PI);
  if (fill) { brush.fillStyle = fill; brush.fill(); }
  if (stroke) { brush.strokeStyle = stroke; brush.lineWidth = width; brush.stroke(); }
}

function css(rgb) { return `rgb(${rgb.join(" ")})`; }

// The rows

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
    const rim = row === selection.layer ? colors.ink : !rgb ? colors.axis : place.rowHeight < 6 ? null : colors.background;
    disc(laneX(row), rowY(row), size, rgb ? css(rgb) : colors.background, rim, row === selection.layer ? 2 : 1.5);
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

// The loss

/** The scale of the loss: its logarithm where it spans more than a decade. */
const lossScale = (() => {
  const {low, high, validation, constant} = run.loss;
  const shown = values => values.slice(firstColumn, lastColumn + 1).filter(value => value !== null);
  if (!shown(low).length) return null;
  const values = [...shown(low), ...shown(high), ...shown(validation), ...(constant === undefined ? [] : [constant])];
  const least = Math.min(...values), most = Math.max(...values);
  const isLogarithmic = least > 0 && most > 10 * least;
  const map = isLogarithmic ? Math.log10 : value => value;
  const bottom = map(least), extent = map(most) - bottom || Math.abs(bottom) || 1;
  return {isLogarithmic, map, bottom: bottom - 0.06 * extent, extent: 1.12 * extent};
})();

/** Whether the loss of the best constant prediction has a place in the picture. */
const hasConstant = run.loss.constant !== undefined && lossScale !== null;

function lossY(value) {
  const share = (lossScale.map(value) - lossScale.bottom) / lossScale.extent;
  return place.loss.y + place.loss.height * (1 - Math.min(Math.max(share, 0), 1));
}

function drawLoss(column) {
  const {y, height} = place.loss, {loss} = run;
  line([[place.left, y], [place.left, y + height], [place.right, y + height]], colors.grid);
  drawLossNow(column);
  if (!lossScale) return;
  for (const [value, offset] of [[lossScale.bottom + lossScale.extent, 8], [lossScale.bottom, height - 8]]) {
    write(short(lossScale.isLogarithmic ? 10 ** value : value), place.left - 5, y + offset, {align: "right"});
  }
  if (loss.nonFinite !== undefined && loss.nonFinite <= shownLast) {
    const start = Math.max(place.left, stepX(loss.nonFinite));
    brush.fillStyle = colors["non-finite"];
    brush.globalAlpha = 0.15;
    brush.fillRect(start, y, place.right - start, height);
    brush.globalAlpha = 1;
    write("NaN or infinite", (start + place.right) / 2, y + height / 2, {align: "center", color: colors.ink});
  }
  if (hasConstant) line([[place.left, lossY(loss.constant)], [place.right, lossY(loss.constant)]], colors.axis, 1, [2, 3]);
  drawLossLines();
}

/** The loss at the selected step in figures, left of its curve; each with the line that it has there. */
function drawLossNow(column) {
  const {y} = place.loss, {loss} = run;
  write(lossScale ? `loss at ${stepText(column)}` : "no finite loss recorded", 0, y + 8);
  if (!lossScale) return;
  const now = loss.mean[column];
  write(now === null ? "not finite" : short(now, 3), 0, y + 30, {color: colors.ink, bold: true, size: 22});
  let below = y + 54;
  const note = (text, color, width, dash) => {
    line([[0, below], [18, below]], color, width, dash);
    write(text, 24, below);
    below += 18;
  };
  const validation = loss.validation.slice(0, column + 1).findLast(value => value !== null);
  if (validation !== undefined) note(`validation ${short(validation, 3)}`, colors.ink, 1.5, [5, 4]);
  const guess = place.narrow ? "constant" : "constant guess";
  if (hasConstant) note(`${guess} ${short(loss.constant, 3)}`, colors.axis, 1, [2, 3]);
}

function drawLossLines() {
  const {low, mean, high, validation} = run.loss;
  let stretch = [];
  const finish = () => {
    if (!stretch.length) return;
    const upper = stretch.map(column => [columnX(column), lossY(high[column])]);
    const lower = stretch.map(column => [columnX(column), lossY(low[column])]).reverse();
    brush.beginPath();
    [...upper, ...lower].forEach(([x, y]) => brush.lineTo(x, y));
    brush.closePath();
    brush.fillStyle = colors["faint-data"];
    brush.fill();
    line(stretch.map(column => [columnX(column), lossY(mean[column])]), colors.data, 1.75);
    stretch = [];
  };
  for (let column = firstColumn; column <= lastColumn; column++) {
    if (mean[column] === null) finish(); else stretch.push(column);
  }
  finish();
  const measured = [];
  for (let column = firstColumn; column <= lastColumn; column++) {
    if (validation[column] !== null) measured.push([columnX(column), lossY(validation[column])]);
  }
  line(measured, colors.ink, 1.5, [5, 4]);
}

// Axis, findings, cursor

/** A few round steps below the map, and what the columns of the picture are. */
function drawAxis() {
  const extent = shownLast - shownFirst;
  const least = extent / (place.narrow ? 3 : 6);
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 1)));
  const every = Math.max(1, [1, 2, 5, 10].map(digit => digit * power).find(distance => distance >= least) ?? 1);
  for (let step = Math.ceil(shownFirst / every) * every; step <= shownLast; step += every) {
    const x = columnX(columnAt(step));
    line([[x, place.bottom], [x, place.bottom + 4]], colors.axis);
    write(grouped(step), Math.min(x, place.right - 12), place.bottom + 13, {align: "center"});
  }
  write(run.columns.caption, (place.left + place.right) / 2, place.bottom + 28, {align: "center"});
  const y = place.top - 11;
  if (!place.narrow) write("layer", place.names.x, y);
  write(place.narrow ? "now" : "at this step", place.bars.x, y);
  write("at every step", place.left, y);
}

/** The findings by their first step: one mark a step, with the names of all that fire there. */
const events = (() => {
  const byStep = new Map();
  for (const finding of run.findings) {
    if (finding.severity === "info" || finding.step > shownLast) continue;
    const event = byStep.get(finding.step) ?? {step: finding.step, names: [], isRoot: false};
    if (!event.names.includes(finding.name)) event.names.push(finding.name);
    event.isRoot ||= finding.isRoot;
    byStep.set(finding.step, event);
  }
  return [...byStep.values()].sort((a, b) => b.step - a.step);
})();

function eventRows() { return Math.min(events.length, 3); }

/** A dashed line where findings begin, with their names above; a name without room is left out, its line stays. */
function drawEvents() {
  const taken = [];
  for (const event of events) {
    const x = stepX(event.step);
    const color = event.isRoot ? colors.accent : colors.axis;
    let top = place.loss.y;
    const text = fitted(event.names.join(", "), place.width * 0.6);
    const width = brush.measureText(text).width;
    const start = x + width + 4 > place.right ? x - width - 4 : x + 4;
    for (let row = 0; row < eventRows(); row++) {
      const y = place.loss.y - 10 - 16 * row;
      const isTaken = taken.some(other =>
        other.row >= row && other.x > start - 8 && other.x < start + width + 8 ||
        other.row === row && other.start < start + width + 8 && start < other.end + 8);
      if (isTaken) continue;
      taken.push({row, x, start, end: start + width});
      write(text, start, y, {color: event.isRoot ? colors["accent-ink"] : colors.secondary, bold: false});
      top = y - 7;
      break;
    }
    line([[x, top], [x, place.loss.y + place.loss.height]], color, 1.5, [5, 3]);
    line([[x, place.top], [x, place.bottom]], color, 1.5, [5, 3]);
  }
}

/** The selected step in both pictures, and the selected layer's cell. */
function drawCursor({layer, column}) {
  const x = columnX(column);
  for (const [color, width] of [[colors.background, 4], [colors.ink, 1.5]]) {
    line([[x, place.loss.y], [x, place.loss.y + place.loss.height]], color, width);
    line([[x, place.top], [x, place.bottom + 6]], color, width);
  }
  const now = run.loss.mean[column];
  if (lossScale && now !== null) disc(x, lossY(now), 4.5, colors.data, colors.background);
  const height = Math.max(place.rowHeight, 6);
  brush.strokeStyle = colors.ink;
  brush.lineWidth = 1.5;
  brush.strokeRect(place.left, rowY(layer) - height / 2, place.right - place.left, height);
  disc(x, rowY(layer), 5, colors.background, colors.ink, 2);
}
