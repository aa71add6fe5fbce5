import { ringOf } from "./assemble.mjs";
import { SCALE } from "./grid.mjs";

const RADIUS_KM = 6371.0072; // of the sphere with the Earth's area

// The area in km² of a multipolygon of arcs, on the sphere (equal-area
// cylinder; good to a percent, which is all that a label rank needs).
export function squareKm(arcs, multipolygon) {
  let sum = 0;
  for (const polygon of multipolygon) for (const loop of polygon) sum += ringArea(ringOf(arcs, loop));
  return Math.abs(sum);
}

function ringArea(ring) {
  const plane = ring.map(([x, y]) => [(x * SCALE * Math.PI) / 180, Math.sin(((y * SCALE - 90) * Math.PI) / 180)]);
  let sum = 0;
  for (let i = 1; i < plane.length; i++) sum += plane[i - 1][0] * plane[i][1] - plane[i][0] * plane[i - 1][1];
  return (sum / 2) * RADIUS_KM ** 2;
}
