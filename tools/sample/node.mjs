// Noding: makes the rings meet in common vertices only, so that a border of
// one unit that pokes through another's becomes a shared junction.
import { doubleArea } from "./grid.mjs";
import { boxesMeet, distance2, eachNearPair, properlyCross, same } from "./segments.mjs";

const SNAP2 = 0.5; // square of half a grid diagonal: a vertex that near draws a segment to itself
const WIDTH = 2 ** 22;

const vertexKey = (p) => p[0] * WIDTH + p[1];
const segmentKey = (p, q) => {
  const [a, b] = [vertexKey(p), vertexKey(q)];
  return a < b ? `${a} ${b}` : `${b} ${a}`;
};

// Nodes the rings of all multipolygons, in place, and cuts rings that pass a
// vertex twice. Their polygons then hold one ring each, holes too: which ring
// lies in which is found again from the arcs. Returns how many vertices were
// put in.
export function nodeRings(geometries) {
  let total = 0;
  for (let round = 0; round < 20; round++) {
    const inserts = findInserts(uniqueSegments(geometries));
    for (const geometry of geometries) total += insertInto(geometry, inserts);
    if (inserts.size > 0) continue;
    for (const g of geometries) g.coordinates = g.coordinates.flat().flatMap(simpleLoops).map((loop) => [loop]);
    return total;
  }
  throw new Error("noding does not end");
}

// The loops of a ring that pass no vertex twice. Edges run there and back are
// lost on the way.
function simpleLoops(ring) {
  const loops = [];
  const path = [];
  const at = new Map();
  for (const p of ring) {
    const k = vertexKey(p);
    if (at.has(k)) {
      const loop = path.splice(at.get(k));
      for (const q of loop) at.delete(vertexKey(q));
      if (loop.length > 2) loops.push([...loop, p]);
    }
    at.set(k, path.length);
    path.push(p);
  }
  return loops.filter((loop) => doubleArea(loop) !== 0);
}

function uniqueSegments(geometries) {
  const seen = new Map();
  for (const geometry of geometries) {
    for (const polygon of geometry.coordinates) {
      for (const ring of polygon) {
        for (let i = 1; i < ring.length; i++) {
          const key = segmentKey(ring[i - 1], ring[i]);
          if (!seen.has(key)) seen.set(key, [ring[i - 1], ring[i]]);
        }
      }
    }
  }
  return [...seen.values()];
}

// The vertices to put into each segment, by its key.
function findInserts(segments) {
  const inserts = new Map();
  const add = ([p, q], v) => {
    if (same(v, p) || same(v, q)) return;
    const key = segmentKey(p, q);
    if (!inserts.has(key)) inserts.set(key, new Map());
    inserts.get(key).set(vertexKey(v), v);
  };
  eachNearPair(segments, (i, j) => {
    const [a, b] = segments[i];
    const [c, d] = segments[j];
    if (!boxesMeet(a, b, c, d, 1)) return;
    for (const [v, [p, q]] of [[a, [c, d]], [b, [c, d]], [c, [a, b]], [d, [a, b]]]) {
      if (distance2(v, p, q) <= SNAP2 && !nearEnd(v, p, q)) add([p, q], v);
    }
    if (properlyCross(a, b, c, d)) {
      const v = crossing(a, b, c, d);
      add([a, b], v);
      add([c, d], v);
    }
  });
  return inserts;
}

// Whether v is only near an end of pq, not near its middle: a vertex beside an
// end is a neighbour, not a junction.
function nearEnd(v, p, q) {
  const t = ((v[0] - p[0]) * (q[0] - p[0]) + (v[1] - p[1]) * (q[1] - p[1])) / ((q[0] - p[0]) ** 2 + (q[1] - p[1]) ** 2);
  return t <= 0 || t >= 1;
}

function crossing(a, b, c, d) {
  const [ux, uy] = [b[0] - a[0], b[1] - a[1]];
  const [vx, vy] = [d[0] - c[0], d[1] - c[1]];
  const t = ((c[0] - a[0]) * vy - (c[1] - a[1]) * vx) / (ux * vy - uy * vx);
  return [Math.round(a[0] + t * ux), Math.round(a[1] + t * uy)];
}

function insertInto(geometry, inserts) {
  let added = 0;
  for (const polygon of geometry.coordinates) {
    polygon.forEach((ring, i) => {
      polygon[i] = withInserts(ring, inserts);
      added += polygon[i].length - ring.length;
    });
  }
  return added;
}

function withInserts(ring, inserts) {
  const out = [ring[0]];
  for (let i = 1; i < ring.length; i++) {
    const [p, q] = [ring[i - 1], ring[i]];
    const points = inserts.get(segmentKey(p, q));
    if (points) {
      const along = (v) => (v[0] - p[0]) * (q[0] - p[0]) + (v[1] - p[1]) * (q[1] - p[1]);
      out.push(...[...points.values()].sort((v, w) => along(v) - along(w) || vertexKey(v) - vertexKey(w)));
    }
    out.push(q);
  }
  return out;
}
