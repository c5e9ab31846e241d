// The loss above the map, on the same steps.

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
  if (hasConstant) {
    const at = lossY(loss.constant);
    line([[place.left, at], [place.right, at]], colors.axis, 1, [2, 3]);
  }
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
