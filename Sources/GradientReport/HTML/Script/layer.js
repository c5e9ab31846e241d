// What the selected layer is, and what it recorded at the selected step.

const panel = document.getElementById("layer");

/** An element with its attributes and children; a text among them is a text, whatever it says. */
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value); else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

function showLayer(selection, select) {
  const layer = run.layers[selection.layer];
  const facts = [layer.kind, layer.units && `${grouped(layer.units)} units`, ...layer.parameters].filter(Boolean);
  const consumers = [...run.layers.keys()].filter(row => run.layers[row].inputs.includes(selection.layer));
  panel.replaceChildren(
    element("h2", {}, layer.name),
    element("p", {}, facts.join(" · ")),
    neighbors("Fed by", layer.inputs, select), neighbors("Feeds", consumers, select),
    ...findingsOf(selection.layer),
    element("table", {},
      element("caption", {}, `At ${stepText(selection.column)}`),
      ...[...quantities.values()].map(quantity => measurement(quantity, selection, select))));
}

function neighbors(title, rows, select) {
  if (!rows.length) return "";
  const shown = rows.slice(0, 6).map(row =>
    element("button", {type: "button", onclick: () => select({layer: row})}, run.layers[row].short));
  const more = rows.length > shown.length ? ` and ${rows.length - shown.length} more` : "";
  return element("p", {class: "neighbors"}, `${title} `, ...shown, more);
}

function findingsOf(row) {
  return run.findings.filter(finding => finding.layer === row || finding.layers.includes(row)).map(finding =>
    element("p", {class: finding.isRoot ? "finding root" : "finding"},
      `${finding.isRoot ? "Root cause" : finding.severity}: ${finding.name}, since step ${grouped(finding.step)}`));
}

function measurement(quantity, selection, select) {
  const series = quantity.series[selection.layer];
  if (!series) return "";
  const isShown = quantity.id === selection.quantity;
  return element("tr", {class: isShown ? "shown" : "", onclick: () => select({quantity: quantity.id})},
    element("th", {scope: "row"}, quantity.name),
    element("td", {}, cellText(quantity, series.cell(selection.column)), sparkline(series, selection.column)));
}

/** The layer's whole history as a small picture: the extremes as an area, the mean as a line. */
function sparkline(series, selected) {
  const columns = Array.from({length: lastColumn - firstColumn + 1}, (_, i) => firstColumn + i);
  const range = series.cell(firstColumn, lastColumn);
  const extent = range.high - range.low || 1;
  const x = column => 100 * (column - firstColumn + 0.5) / columns.length;
  const y = value => 22 - 20 * (value - range.low) / extent;
  const known = columns.filter(column => series.mean[column] >= VALUE);
  const point = (column, value) => `${x(column).toFixed(2)},${y(value).toFixed(2)}`;
  const mean = known.map(column => point(column, series.value(series.mean[column])));
  const upper = known.map(column => point(column, series.value(series.largest[column])));
  const lower = known.map(column => point(column, series.value(series.least[column]))).reverse();
  const shape = (tag, attributes) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  };
  const picture = shape("svg", {viewBox: "0 0 100 24", preserveAspectRatio: "none", "aria-hidden": "true"});
  picture.append(
    shape("polygon", {points: [...upper, ...lower].join(" ")}), shape("polyline", {points: mean.join(" ")}),
    shape("line", {x1: x(selected), x2: x(selected), y1: 0, y2: 24}));
  return picture;
}

/** What the map says at the selected step, in one sentence. */
function story({quantity: id, column}) {
  const quantity = quantities.get(id);
  if (!quantity) return "";
  const cells = [...run.layers.keys()]
    .filter(row => quantity.series[row] && (run.layers[row].isWeighted || id !== "delta"))
    .map(row => ({name: run.layers[row].short, cell: quantity.series[row].cell(column)}))
    .filter(({cell}) => cell.kind !== NOTHING);
  // A small δ begins a sentence as it is: the large one means something else.
  const name = id === "delta" ? quantity.name : quantity.name[0].toUpperCase() + quantity.name.slice(1);
  const broken = cells.filter(({cell}) => cell.kind === NON_FINITE);
  if (broken.length) return `${name} is NaN or infinite in ${listed(broken)}.`;
  const zero = quantity.isLogarithmic ? cells.filter(({cell}) => cell.kind === ZERO) : [];
  if (zero.length) return `${name} is exactly zero in ${listed(zero)}.`;
  if (cells.length < 2) return "";
  const text = ({name: layer, cell}) => `${valueText(quantity, cell.mean)} in ${layer}`;
  if (id === "delta") {
    const [first, last] = [cells[0], cells[cells.length - 1]];
    const lost = last.cell.mean - first.cell.mean;
    const verb = lost >= 1 ? `shrinks by ${lost.toFixed(1)} decades` : lost <= -1
      ? `grows by ${(-lost).toFixed(1)} decades` : "keeps about its size";
    return `δ ${verb} on its way back: ${text(last)}, ${text(first)}.`;
  }
  const sorted = cells.toSorted((a, b) => a.cell.mean - b.cell.mean);
  return `${name}: least ${text(sorted[0])}, most ${text(sorted[sorted.length - 1])}.`;
}

function listed(cells) {
  const names = cells.map(({name}) => name);
  return names.length > 3 ? `${names[0]}, ${names[1]} and ${names.length - 2} more` : names.join(" and ");
}
