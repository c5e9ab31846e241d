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
