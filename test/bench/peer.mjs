// The peer of `make bench`: geojson-vt + vt-pbf + gzip, every tile from zoom 0
// to MAXZOOM, written one after the other to a file.
//
//   node peer.mjs IN.geojson.gz|IN.topojson.gz MAXZOOM OUT
//
// Options are geojson-vt's own defaults where it has a choice that matters
// (tolerance 3, buffer 64), with every tile cut (indexMaxPoints 0).
import fs from 'node:fs';
import zlib from 'node:zlib';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

// The packages live with the other judges, in test/oracle.
const require = createRequire(new URL('../oracle/package.json', import.meta.url));
const load = async (name) => {
  const module = await import(pathToFileURL(require.resolve(name)));
  return module.default ?? module;
};
const geojsonvt = await load('geojson-vt');
const vtpbf = await load('vt-pbf');

const [input, maxZoomText, output] = process.argv.slice(2);
const maxZoom = Number(maxZoomText);
const options = { maxZoom, indexMaxZoom: maxZoom, indexMaxPoints: 0, tolerance: 3, extent: 4096, buffer: 64 };

// layersOf returns [name, feature collection] pairs of either format.
function layersOf(data) {
  if (data.type !== 'Topology') return [['admin', data]];
  return Object.entries(data.objects).map(([name, object]) => [name, collectionOf(data, object)]);
}

// collectionOf stitches the features of a TopoJSON object from their arcs.
function collectionOf(topology, object) {
  const { scale: [sx, sy], translate: [tx, ty] } = topology.transform;
  const decoded = topology.arcs.map((arc) => {
    let x = 0;
    let y = 0;
    return arc.map(([dx, dy]) => [(x += dx) * sx + tx, (y += dy) * sy + ty]);
  });
  const ring = (arcs) => {
    const positions = [];
    for (const i of arcs) {
      const line = i < 0 ? decoded[~i].toReversed() : decoded[i];
      positions.push(...(positions.length ? line.slice(1) : line));
    }
    return positions;
  };
  const polygon = (rings) => rings.map(ring);
  const features = object.geometries.filter((g) => g.type).map((g) => ({
    type: 'Feature',
    id: g.id,
    properties: g.properties ?? {},
    geometry: {
      type: g.type,
      coordinates: g.type === 'Polygon' ? polygon(g.arcs) : g.arcs.map(polygon),
    },
  }));
  return { type: 'FeatureCollection', features };
}

const data = JSON.parse(zlib.gunzipSync(fs.readFileSync(input)).toString('utf8'));
const indexes = layersOf(data).map(([name, collection]) => [name, geojsonvt(collection, options)]);

const addresses = new Map();
for (const [, index] of indexes) {
  for (const { z, x, y } of index.tileCoords) addresses.set(`${z}/${x}/${y}`, [z, x, y]);
}
const file = fs.openSync(output, 'w');
let tiles = 0;
let bytes = 0;
for (const [z, x, y] of addresses.values()) {
  const layers = {};
  for (const [name, index] of indexes) {
    const tile = index.getTile(z, x, y);
    if (tile?.features.length) layers[name] = tile;
  }
  if (!Object.keys(layers).length) continue;
  const zipped = zlib.gzipSync(vtpbf.fromGeojsonVt(layers, { version: 2, extent: 4096 }));
  fs.writeSync(file, zipped);
  tiles++;
  bytes += zipped.length;
}
fs.closeSync(file);
console.log(`tiles ${tiles} bytes ${bytes}`);
