// Segments on the integer grid: exact predicates and an index by cells.
import { STEPS } from "./grid.mjs";

const CELL = 1024; // grid steps

export const cross = (a, b, c) => (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]);
export const same = (p, q) => p[0] === q[0] && p[1] === q[1];

// The square of the distance of p from segment ab, in any plane.
export function distance2(p, a, b) {
  const ux = b[0] - a[0];
  const uy = b[1] - a[1];
  const len2 = ux * ux + uy * uy;
  let t = len2 === 0 ? 0 : ((p[0] - a[0]) * ux + (p[1] - a[1]) * uy) / len2;
  t = Math.max(0, Math.min(1, t));
  const dx = p[0] - a[0] - t * ux;
  const dy = p[1] - a[1] - t * uy;
  return dx * dx + dy * dy;
}

export const properlyCross = (a, b, c, d) =>
  Math.sign(cross(a, b, c)) * Math.sign(cross(a, b, d)) < 0 && Math.sign(cross(c, d, a)) * Math.sign(cross(c, d, b)) < 0;

// Whether the boxes of ab and cd, widened by pad, meet.
export const boxesMeet = (a, b, c, d, pad = 0) =>
  Math.max(a[0], b[0]) + pad >= Math.min(c[0], d[0]) && Math.max(c[0], d[0]) + pad >= Math.min(a[0], b[0]) &&
  Math.max(a[1], b[1]) + pad >= Math.min(c[1], d[1]) && Math.max(c[1], d[1]) + pad >= Math.min(a[1], b[1]);

const onSegment = (p, a, b) => cross(a, b, p) === 0 && !same(p, a) && !same(p, b) && boxesMeet(p, p, a, b);

// Whether segments ab and cd meet anywhere but in one common end. Exact.
export function touch(a, b, c, d) {
  if (!boxesMeet(a, b, c, d)) return false;
  if (onSegment(c, a, b) || onSegment(d, a, b) || onSegment(a, c, d) || onSegment(b, c, d)) return true;
  if ((same(a, c) && same(b, d)) || (same(a, d) && same(b, c))) return true;
  return properlyCross(a, b, c, d);
}

// Calls visit(i, j) for pairs i < j of segments [p, q] that come within a cell
// of each other, in a fixed order; a pair may come more than once.
export function eachNearPair(segments, visit) {
  const cells = new Map();
  segments.forEach(([p, q], i) => {
    const x1 = Math.floor((Math.max(p[0], q[0]) + 1) / CELL);
    const y1 = Math.floor((Math.max(p[1], q[1]) + 1) / CELL);
    for (let x = Math.floor((Math.min(p[0], q[0]) - 1) / CELL); x <= x1; x++) {
      for (let y = Math.floor((Math.min(p[1], q[1]) - 1) / CELL); y <= y1; y++) {
        const key = (x + 1) * STEPS + y + 1;
        const list = cells.get(key);
        if (list) list.push(i);
        else cells.set(key, [i]);
      }
    }
  });
  for (const list of cells.values()) {
    for (let i = 0; i < list.length; i++) for (let j = i + 1; j < list.length; j++) visit(list[i], list[j]);
  }
}
