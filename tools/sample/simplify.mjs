import { STEPS } from "./grid.mjs";
import { distance2, eachNearPair, touch } from "./segments.mjs";

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
// common end.
export function conflicts(arcs, masks) {
  const places = [];
  arcs.forEach((arc, a) => {
    let lo = 0;
    for (let i = 1; i < arc.length; i++) {
      if (!masks[a][i]) continue;
      places.push([a, lo, i]);
      lo = i;
    }
  });
  const segments = places.map(([a, lo, hi]) => [arcs[a][lo], arcs[a][hi]]);
  const found = new Set();
  eachNearPair(segments, (i, j) => {
    if (touch(...segments[i], ...segments[j])) found.add(i).add(j);
  });
  return [...found].sort((a, b) => a - b).map((i) => places[i]);
}
