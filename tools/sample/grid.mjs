// The integer grid of the sample: 2^20 steps around the world, a quarter of a
// zoom-6 tile unit (2^18 units). 360/2^20 is exact in binary, so ±180 and ±90
// come back exactly.
export const STEPS = 2 ** 20;
export const SCALE = 360 / STEPS;

const quantise = ([lon, lat]) => [Math.round((lon + 180) / SCALE), Math.round((lat + 90) / SCALE)];

// Twice the signed area of a closed ring, exact: the products stay below 2^53
// because they are taken relative to the first vertex.
export function doubleArea(ring) {
  const [x0, y0] = ring[0];
  let sum = 0;
  for (let i = 1; i < ring.length; i++) {
    sum += (ring[i - 1][0] - x0) * (ring[i][1] - y0) - (ring[i][0] - x0) * (ring[i - 1][1] - y0);
  }
  return sum;
}

const same = (p, q) => p[0] === q[0] && p[1] === q[1];

// Removes consecutive duplicates and spikes (a, b, a), also across the ring's
// start. Returns a closed ring, or null where no area is left.
export function cleanRing(ring) {
  const out = [];
  for (const p of ring.slice(0, -1)) {
    out.push(p);
    trimTail(out);
  }
  while (out.length > 2) {
    const n = out.length;
    if (same(out[0], out[n - 1])) out.pop();
    else if (same(out[0], out[n - 2])) out.splice(n - 2, 2);
    else if (same(out[1], out[n - 1])) out.splice(0, 2);
    else break;
  }
  if (out.length < 3) return null;
  out.push(out[0]);
  return doubleArea(out) === 0 ? null : out;
}

function trimTail(out) {
  for (;;) {
    const n = out.length;
    if (n > 1 && same(out[n - 1], out[n - 2])) out.pop();
    else if (n > 2 && same(out[n - 1], out[n - 3])) out.length = n - 2;
    else return;
  }
}

const wound = (ring, sign) => (ring !== null && Math.sign(doubleArea(ring)) !== sign ? ring.reverse() : ring);

// Turns a GeoJSON polygon or multipolygon in degrees into a multipolygon on
// the grid, outer rings clockwise and holes counter-clockwise. Rings that have no area there are left out and counted.
export function toGrid(geometry, counts) {
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  const coordinates = [];
  for (const polygon of polygons) {
    const rings = polygon.map((ring, i) => wound(cleanRing(ring.map(quantise)), i === 0 ? -1 : 1));
    counts.rings += rings.length;
    counts.emptyRings += rings.filter((r) => r === null).length;
    if (rings[0] !== null) coordinates.push(rings.filter((r) => r !== null));
  }
  return { type: "MultiPolygon", coordinates };
}
