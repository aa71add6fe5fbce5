// Polygons from arcs: outer rings run clockwise, holes counter-clockwise, no
// ring meets itself.
import { doubleArea } from "./grid.mjs";

const WIDTH = 2 ** 22;
const key = (p) => p[0] * WIDTH + p[1];

// The points of arc a, reversed for ~a.
const points = (arcs, a) => (a < 0 ? [...arcs[~a]].reverse() : arcs[a]);
const start = (arcs, a) => (a < 0 ? arcs[~a][arcs[~a].length - 1] : arcs[a][0]);
const end = (arcs, a) => start(arcs, ~a);

// The closed ring of a loop of arcs.
export const ringOf = (arcs, loop) => [...loop.flatMap((a) => points(arcs, a).slice(0, -1)), start(arcs, loop[0])];

// The arcs around the union of units: those that none of them runs back (a
// twisted ring may do so with its own).
export function dissolve(units) {
  const net = new Map();
  for (const unit of units) {
    for (const a of unit.arcs.flat(2)) {
      const [arc, step] = a < 0 ? [~a, -1] : [a, 1];
      net.set(arc, (net.get(arc) ?? 0) + step);
    }
  }
  return [...net].filter(([, n]) => n !== 0).sort(([a], [b]) => a - b).map(([arc, n]) => (n > 0 ? arc : ~arc));
}

// Stitches directed arcs into loops that pass no junction twice.
export function loops(arcs, directed) {
  const leaving = new Map();
  for (const a of directed) {
    const k = key(start(arcs, a));
    if (!leaving.has(k)) leaving.set(k, []);
    leaving.get(k).push(a);
  }
  const found = [];
  for (const first of directed) {
    if (!leaving.get(key(start(arcs, first))).includes(first)) continue;
    walk(arcs, first, leaving, found);
  }
  return found;
}

// Follows arcs from first until none is left, and cuts off a loop whenever a
// junction comes again.
function walk(arcs, first, leaving, found) {
  const path = [];
  const at = new Map();
  let next = first;
  while (next !== undefined) {
    const from = key(start(arcs, next));
    const list = leaving.get(from);
    list.splice(list.indexOf(next), 1);
    at.set(from, path.length);
    path.push(next);
    const to = key(end(arcs, next));
    if (at.has(to)) {
      const loop = path.splice(at.get(to));
      for (const a of loop) at.delete(key(start(arcs, a)));
      found.push(loop);
    }
    next = leaving.get(to)?.[0];
  }
  if (path.length > 0) throw new Error("arcs do not close");
}

// Multipolygon arcs from loops: each hole goes to the smallest outer ring
// around it. A hole that none surrounds is a twist of its ring; it is left out
// and counted.
export function polygons(arcs, found, counts) {
  const rings = found.map((loop) => ({ loop, ring: ringOf(arcs, loop) })).map((r) => ({ ...r, area: doubleArea(r.ring) }));
  const outers = rings.filter((r) => r.area < 0).map((r) => ({ ...r, box: boxOf(r.ring), holes: [] }));
  for (const hole of rings.filter((r) => r.area > 0)) {
    const around = outers.filter((o) => -o.area > hole.area && surrounds(o, hole.ring)).sort((a, b) => b.area - a.area);
    if (around.length > 0) around[0].holes.push(hole.loop);
    else counts.twists++;
  }
  return outers.map((o) => [o.loop, ...o.holes]);
}

function boxOf(ring) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of ring) {
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x);
    box[3] = Math.max(box[3], y);
  }
  return box;
}

// Whether the middle of the ring's first edge lies inside; rings meet in
// vertices only, so that it is never on the border.
function surrounds({ ring, box }, inner) {
  const x = (inner[0][0] + inner[1][0]) / 2;
  const y = (inner[0][1] + inner[1][1]) / 2;
  if (x < box[0] || x > box[2] || y < box[1] || y > box[3]) return false;
  let inside = false;
  for (let i = 1; i < ring.length; i++) {
    const [a, b] = [ring[i - 1], ring[i]];
    if (a[1] > y !== b[1] > y && x < a[0] + ((y - a[1]) / (b[1] - a[1])) * (b[0] - a[0])) inside = !inside;
  }
  return inside;
}

// Leaves out the arcs that no feature uses (those of twists) and numbers the
// others anew, in place.
export function dropUnused(arcs, features) {
  const used = new Set();
  const each = (change) => features.forEach((f) => f.arcs.forEach((polygon) => polygon.forEach((loop) => loop.forEach((a, i) => (loop[i] = change(a))))));
  each((a) => (used.add(a < 0 ? ~a : a), a));
  const number = new Map([...used].sort((a, b) => a - b).map((a, i) => [a, i]));
  const kept = arcs.filter((_, a) => used.has(a));
  arcs.splice(0, arcs.length, ...kept);
  each((a) => (a < 0 ? ~number.get(~a) : number.get(a)));
}
