import { SCALE } from "./grid.mjs";

const RADIUS_KM = 6371.0072; // of the sphere with the Earth's area

// The area of a merged multipolygon of the topology in km², on the sphere
// (equal-area cylinder; good to a percent, which is all a label rank needs).
export function squareKm(topo, merged) {
  let sum = 0;
  for (const polygon of merged.arcs) for (const ring of polygon) sum += ringArea(stitch(topo, ring));
  return Math.abs(sum);
}

function stitch(topo, ring) {
  return ring.flatMap((a) => (a < 0 ? [...topo.arcs[~a]].reverse() : topo.arcs[a]).slice(0, -1));
}

function ringArea(points) {
  const plane = points.map(([x, y]) => [(x * SCALE * Math.PI) / 180, Math.sin(((y * SCALE - 90) * Math.PI) / 180)]);
  let sum = 0;
  plane.forEach(([x, y], i) => {
    const [u, v] = plane[(i + 1) % plane.length];
    sum += x * v - u * y;
  });
  return (sum / 2) * RADIUS_KM ** 2;
}
