// What is selected, and how keys, pointer and time change it.

const selection = {
  layer: run.layer,
  column: Math.min(Math.max(columnAt(run.step), firstColumn), lastColumn),
  quantity: run.findings.find(finding => finding.isRoot)?.quantity ?? "delta",
};
if (!quantities.has(selection.quantity)) selection.quantity = run.quantities[0]?.id;

const slider = document.getElementById("step");
const playButton = document.getElementById("play");
const tip = document.getElementById("tip");

/** The row that δ has come to on its way back; null while it isn't shown on its way. */
let front = null;

function select(changes) {
  Object.assign(selection, changes);
  selection.layer = Math.min(Math.max(selection.layer, 0), run.layers.length - 1);
  selection.column = Math.min(Math.max(selection.column, firstColumn), lastColumn);
  show();
}

function show() {
  slider.value = selection.column;
  slider.setAttribute("aria-valuetext", stepText(selection.column));
  document.getElementById("when").textContent = `${stepText(selection.column)} of ${grouped(shownLast)}`;
  for (const choice of document.querySelectorAll("#quantities input")) {
    choice.checked = choice.value === selection.quantity;
  }
  const sentence = story(selection);
  document.getElementById("story").textContent = sentence;
  canvas.setAttribute("aria-label", `Layers by steps. ${run.layers[selection.layer].name} at ` +
    `${stepText(selection.column)}. ${sentence}`);
  showLegend();
  showLayer(selection, select);
  draw(selection, front);
}

function showLegend() {
  const quantity = quantities.get(selection.quantity);
  const legend = document.getElementById("legend");
  if (!quantity) {
    legend.textContent = "Nothing was recorded of the layers.";
    return;
  }
  const cells = quantity.series.map(series => series.cell(firstColumn, lastColumn).kind);
  const swatch = (kind, text) => cells.includes(kind)
    ? element("span", {class: "swatch"}, element("i", {class: kind === ZERO ? "zero" : "non-finite"}), text) : "";
  const isZeroApart = quantity.isLogarithmic;
  legend.replaceChildren(
    element("b", {}, quantity.name), ` ${quantity.detail}`,
    element("span", {class: "scale"}, valueText(quantity, quantity.range[0], 1), element("i", {class: "ramp"}),
      valueText(quantity, quantity.range[1], 1)),
    isZeroApart ? swatch(ZERO, "exactly zero") : "", swatch(NON_FINITE, "NaN or infinite"),
    quantity.healthy ? `healthy: ${quantity.healthy.map(value => valueText(quantity, value, 1)).join(" to ")}` : "");
}

// Time

let animation = 0;
let isPlaying = false;

/** Calls `frame` with the milliseconds since the start until it returns false, in the place of what ran before. */
function animate(frame) {
  cancelAnimationFrame(animation);
  let start = null;
  const tick = now => {
    start ??= now;
    if (frame(now - start)) animation = requestAnimationFrame(tick);
  };
  animation = requestAnimationFrame(tick);
}

function stop() {
  cancelAnimationFrame(animation);
  setPlaying(false);
  front = null;
}

function setPlaying(value) {
  isPlaying = value;
  playButton.textContent = value ? "❚❚" : "▶";
  playButton.setAttribute("aria-label", value ? "Pause" : "Play the steps");
}

/** Shows how δ goes from the output back to the input, row by row. */
function flowBack() {
  stop();
  if (quantities.has("delta")) selection.quantity = "delta";
  const rows = run.layers.length, duration = Math.min(4500, 1200 + 90 * rows);
  show();
  animate(time => {
    front = (rows - 1) * (1 - time / duration);
    if (front <= 0) front = null;
    draw(selection, front);
    return front !== null;
  });
}

/** Plays the steps in some ten seconds, from the first if it stands at the last. */
function play() {
  const wasPlaying = isPlaying;
  stop();
  show();
  if (wasPlaying) return;
  setPlaying(true);
  const start = selection.column >= lastColumn ? firstColumn : selection.column;
  const columns = lastColumn - firstColumn + 1;
  const pace = columns / Math.max(2000, Math.min(10000, 100 * columns));
  animate(time => {
    const column = start + Math.floor(time * pace);
    if (column !== selection.column) select({column});
    if (column < lastColumn) return true;
    stop();
    show();
    return false;
  });
}

// Pointer

/** The row and the column under the pointer, null for what it isn't over. */
function under(event) {
  const {offsetX: x, offsetY: y} = event;
  const inRows = y >= place.top && y < place.bottom;
  const inSteps = x >= place.left && x <= place.right && y <= place.bottom;
  return {row: inRows ? rowUnder(y) : null, column: inSteps ? columnUnder(x) : null};
}

function choose(event) {
  const {row, column} = under(event);
  stop();
  const changes = {};
  if (row !== null) changes.layer = row;
  if (column !== null) changes.column = column;
  select(changes);
}

function hover(event) {
  const {row, column} = under(event);
  const quantity = quantities.get(selection.quantity);
  const at = column ?? selection.column;
  const lines = [];
  if (row !== null) {
    const series = quantity?.series[row];
    lines.push(`${run.layers[row].short} · ${stepText(at)}`);
    if (quantity) lines.push(`${quantity.name} ${series ? cellText(quantity, series.cell(at)) : "not recorded"}`);
  } else if (column !== null) {
    const {low, mean, high} = run.loss;
    lines.push(stepText(at), mean[at] === null ? "no finite loss" : `loss ${short(mean[at], 3)}` +
      (low[at] === high[at] ? "" : ` (${short(low[at], 3)} to ${short(high[at], 3)})`));
  }
  tip.hidden = !lines.length;
  tip.replaceChildren(...lines.map(text => element("div", {}, text)));
  tip.style.left = `${Math.min(event.offsetX + 14, place.width - tip.offsetWidth - 4)}px`;
  tip.style.top = `${event.offsetY + 18}px`;
}

canvas.addEventListener("pointerdown", event => {
  choose(event);
  canvas.setPointerCapture(event.pointerId);
});
canvas.addEventListener("pointermove", event => {
  if (event.buttons & 1) choose(event);
  hover(event);
});
canvas.addEventListener("pointerleave", () => { tip.hidden = true; });

// Keys and controls

const keys = {
  ArrowLeft: () => select({column: selection.column - 1}),
  ArrowRight: () => select({column: selection.column + 1}),
  ArrowUp: () => select({layer: selection.layer - 1}),
  ArrowDown: () => select({layer: selection.layer + 1}),
  PageUp: () => select({column: selection.column - 10}),
  PageDown: () => select({column: selection.column + 10}),
  Home: () => select({column: firstColumn}),
  End: () => select({column: lastColumn}),
  " ": play,
  b: flowBack,
};

canvas.addEventListener("keydown", event => {
  const action = keys[event.key];
  if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  if (action !== play && action !== flowBack) stop();
  action();
});

// Size, colors, paper, and the start

function refresh() {
  readColors();
  arrange();
  show();
}

/** Fills the controls, and shows the run. */
function start() {
  slider.min = firstColumn;
  slider.max = lastColumn;
  slider.addEventListener("input", () => {
    stop();
    select({column: Number(slider.value)});
  });
  playButton.addEventListener("click", play);
  document.getElementById("flow").addEventListener("click", flowBack);

  document.getElementById("quantities").append(...run.quantities.map(quantity =>
    element("label", {}, element("input", {
      type: "radio", name: "quantity", value: quantity.id, onchange: () => { stop(); select({quantity: quantity.id}); },
    }), quantity.name)));

  document.getElementById("findings").append(...run.findings.map(finding =>
    element("button", {
      type: "button", class: `finding ${finding.isRoot ? "root" : ""}`, title: finding.headline,
      onclick: () => {
        stop();
        select({
          layer: finding.layer ?? selection.layer, column: columnAt(finding.step), quantity: finding.quantity,
        });
      },
    }, finding.layer === undefined ? finding.name : `${finding.name} in ${run.layers[finding.layer].short}`,
    ` · step ${grouped(finding.step)}`)));

  document.getElementById("explorer").hidden = false;
  refresh();
  new ResizeObserver(() => { arrange(); draw(selection, front); }).observe(canvas.parentElement);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", refresh);
  for (const [event, isPrinted] of [["beforeprint", true], ["afterprint", false]]) {
    addEventListener(event, () => {
      document.documentElement.classList.toggle("printed", isPrinted);
      stop();
      refresh();
    });
  }
  if (!matchMedia("(prefers-reduced-motion: reduce)").matches && selection.quantity === "delta") flowBack();
}

// A run without layers or steps has only its words.
if (run.layers.length && run.columns.first.length) start();
