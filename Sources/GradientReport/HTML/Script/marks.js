// What lies over loss and map: the axis of steps, where findings begin, and what is selected.

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
