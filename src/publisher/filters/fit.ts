export type Point = readonly [number, number];

/** Coefficients of the polynomial nearest to the points (least squares), lowest power first. */
function fitPolynomial(points: readonly Point[], degree: number): number[] {
  const size = degree + 1;
  const rows = Array.from({ length: size }, (_, row) => {
    const left = Array.from({ length: size }, (_, column) => sum(points.map(([x]) => x ** (row + column))));
    return [...left, sum(points.map(([x, y]) => y * x ** row))];
  });
  return solve(rows);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Gauss with the largest pivot; each row ends with its right side. */
function solve(rows: number[][]): number[] {
  const size = rows.length;
  for (let column = 0; column < size; column += 1) {
    const pivot = largestBelow(rows, column);
    const top = rows[pivot] ?? [];
    rows[pivot] = rows[column] ?? [];
    rows[column] = top;
    for (let row = 0; row < size; row += 1) {
      if (row !== column) subtract(rows[row] ?? [], top, column);
    }
  }
  return rows.map((row, index) => (row[size] ?? 0) / (row[index] ?? 1));
}

function largestBelow(rows: readonly number[][], column: number): number {
  let best = column;
  for (let row = column + 1; row < rows.length; row += 1) {
    if (Math.abs(rows[row]?.[column] ?? 0) > Math.abs(rows[best]?.[column] ?? 0)) best = row;
  }
  return best;
}

function subtract(row: number[], top: readonly number[], column: number): void {
  const factor = (row[column] ?? 0) / (top[column] ?? 1);
  for (let at = column; at < row.length; at += 1) row[at] = (row[at] ?? 0) - factor * (top[at] ?? 0);
}

/** The polynomial nearest to the points. x is moved to -1..1 first, so that powers of large raw values do not drown the rest. */
export function makePolynomial(points: readonly Point[], degree: number): (x: number) => number {
  const xs = points.map(([x]) => x);
  const middle = (Math.min(...xs) + Math.max(...xs)) / 2;
  const reach = Math.max(...xs.map((x) => Math.abs(x - middle))) || 1;
  const moved = points.map(([x, y]): Point => [(x - middle) / reach, y]);
  const coefficients = fitPolynomial(moved, degree);
  return (x) => coefficients.reduceRight((total, factor) => total * ((x - middle) / reach) + factor, 0);
}

/** Straight lines from point to point; the outer ones go on. */
export function makePath(points: readonly Point[]): (x: number) => number {
  const sorted = points.toSorted(([a], [b]) => a - b);
  return (x) => {
    const after = sorted.findIndex(([at], index) => index > 0 && (x <= at || index === sorted.length - 1));
    const [x1, y1] = sorted[after - 1] ?? [0, 0];
    const [x2, y2] = sorted[after] ?? [1, 1];
    return y1 + ((x - x1) * (y2 - y1)) / (x2 - x1);
  };
}
