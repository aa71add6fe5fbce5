import { STEPS } from "./grid.mjs";

// Zoom 6 with an extent of 4096: the world is 2^18 units wide there.
const TILE_UNITS = 2 ** 18;
const MAX_LATITUDE = 85; // beyond it the projection goes on as a straight line, so that the pole stays finite

// Web Mercator in zoom-6 tile units.
function project([x, y]) {
  const lat = (y * 360) / STEPS - 90;
  const clamped = Math.max(-MAX_LATITUDE, Math.min(MAX_LATITUDE, lat));
  const phi = (clamped * Math.PI) / 180;
  const stretch = ((lat - clamped) / 360 / Math.cos((MAX_LATITUDE * Math.PI) / 180)) * TILE_UNITS;
  return [(x / STEPS) * TILE_UNITS, (Math.log(Math.tan(Math.PI / 4 + phi / 2)) / (2 * Math.PI)) * TILE_UNITS + stretch];
}

function distance2(p, a, b) {
  const ux = b[0] - a[0];
  const uy = b[1] - a[1];
  const len2 = ux * ux + uy * uy;
  let t = len2 === 0 ? 0 : ((p[0] - a[0]) * ux + (p[1] - a[1]) * uy) / len2;
  t = Math.max(0, Math.min(1, t));
  const dx = p[0] - a[0] - t * ux;
  const dy = p[1] - a[1] - t * uy;
  return dx * dx + dy * dy;
}

// The vertex of points[lo+1..hi-1] farthest from the chord, first one on ties.
function farthest(points, lo, hi) {
  let best = -1;
  let at = -1;
  for (let i = lo + 1; i < hi; i++) {
    const d = distance2(points[i], points[lo], points[hi]);
    if (d > best) [best, at] = [d, i];
  }
  return { at, d2: best };
}

// Douglas-Peucker on one arc: which vertices to keep, ends always. A closed
// arc is cut at its two vertices farthest apart and keeps a third, so that it
// never collapses to a line.
export function keepMask(arc, tolerance) {
  const points = arc.map(project);
  const last = arc.length - 1;
  const keep = new Uint8Array(arc.length);
  keep[0] = keep[last] = 1;
  const ring = arc[0][0] === arc[last][0] && arc[0][1] === arc[last][1];
  const stack = [];
  if (ring) {
    const opposite = farthest(points, 0, last).at;
    keep[opposite] = 1;
    const sides = [farthest(points, 0, opposite), farthest(points, opposite, last)];
    const third = sides[0].d2 >= sides[1].d2 ? sides[0] : sides[1];
    keep[third.at] = 1;
    const cuts = [0, opposite, third.at, last].sort((a, b) => a - b);
    for (let i = 1; i < cuts.length; i++) stack.push([cuts[i - 1], cuts[i]]);
  } else {
    stack.push([0, last]);
  }
  while (stack.length > 0) {
    const [lo, hi] = stack.pop();
    const { at, d2 } = farthest(points, lo, hi);
    if (at < 0 || d2 <= tolerance * tolerance) continue;
    keep[at] = 1;
    stack.push([lo, at], [at, hi]);
  }
  return keep;
}

// Which vertices of each arc to keep: Douglas-Peucker, then vertices given
// back wherever two segments cross or overlap that did not before. Returns the
// masks and the rounds of repair.
export function simplify(arcs, tolerance) {
  const masks = arcs.map((arc) => keepMask(arc, tolerance));
  for (let round = 0; ; round++) {
    const restored = conflicts(arcs, masks).reduce((n, [arc, lo, hi]) => n + giveBack(arcs[arc], masks[arc], lo, hi), 0);
    if (restored === 0) return { masks, rounds: round };
    if (round > 100) throw new Error("simplify: crossings do not end");
  }
}

// Restores the dropped vertex farthest from the chord lo-hi.
function giveBack(arc, mask, lo, hi) {
  if (hi - lo < 2) return 0;
  for (let i = lo + 1; i < hi; i++) if (mask[i]) return 0; // already given back in this round
  mask[farthest(arc.map(project), lo, hi).at] = 1;
  return 1;
}

// The kept segments [arc, lo, hi] that touch another one anywhere but at a
// common end, found over a uniform grid.
export function conflicts(arcs, masks) {
  const segments = [];
  arcs.forEach((arc, a) => {
    let lo = 0;
    for (let i = 1; i < arc.length; i++) {
      if (!masks[a][i]) continue;
      segments.push([a, lo, i]);
      lo = i;
    }
  });
  const found = new Set();
  const cells = bin(segments, arcs);
  for (const key of [...cells.keys()].sort((a, b) => a - b)) {
    const list = cells.get(key);
    for (let i = 0; i < list.length; i++) {
      for (let j = i + 1; j < list.length; j++) {
        const [s, t] = [segments[list[i]], segments[list[j]]];
        if (touch(arcs[s[0]][s[1]], arcs[s[0]][s[2]], arcs[t[0]][t[1]], arcs[t[0]][t[2]])) {
          found.add(list[i]).add(list[j]);
        }
      }
    }
  }
  return [...found].sort((a, b) => a - b).map((i) => segments[i]);
}

const CELL = 1024; // grid steps

function bin(segments, arcs) {
  const cells = new Map();
  segments.forEach(([a, lo, hi], i) => {
    const [p, q] = [arcs[a][lo], arcs[a][hi]];
    for (let x = Math.floor(Math.min(p[0], q[0]) / CELL); x <= Math.max(p[0], q[0]) / CELL; x++) {
      for (let y = Math.floor(Math.min(p[1], q[1]) / CELL); y <= Math.max(p[1], q[1]) / CELL; y++) {
        const key = x * STEPS + y;
        const list = cells.get(key);
        if (list) list.push(i);
        else cells.set(key, [i]);
      }
    }
  });
  return cells;
}

const cross = (a, b, c) => (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]);
const same = (p, q) => p[0] === q[0] && p[1] === q[1];
const within = (p, a, b) =>
  p[0] >= Math.min(a[0], b[0]) && p[0] <= Math.max(a[0], b[0]) && p[1] >= Math.min(a[1], b[1]) && p[1] <= Math.max(a[1], b[1]);

// Whether segments ab and cd meet anywhere but in one common end. Exact.
function touch(a, b, c, d) {
  if (Math.max(a[0], b[0]) < Math.min(c[0], d[0]) || Math.max(c[0], d[0]) < Math.min(a[0], b[0])) return false;
  if (Math.max(a[1], b[1]) < Math.min(c[1], d[1]) || Math.max(c[1], d[1]) < Math.min(a[1], b[1])) return false;
  const [c1, c2, c3, c4] = [cross(a, b, c), cross(a, b, d), cross(c, d, a), cross(c, d, b)];
  const inside = (v, p, u, w) => v === 0 && !same(p, u) && !same(p, w) && within(p, u, w);
  if (inside(c1, c, a, b) || inside(c2, d, a, b) || inside(c3, a, c, d) || inside(c4, b, c, d)) return true;
  if ((same(a, c) && same(b, d)) || (same(a, d) && same(b, c))) return true;
  return Math.sign(c1) * Math.sign(c2) < 0 && Math.sign(c3) * Math.sign(c4) < 0;
}
