// Compares our decoder with @mapbox/vector-tile on the tiles of
// @mapbox/mvt-fixtures: its hand-made ones and its real ones.
//
//   node mvt-fixtures.mjs dump DIR     writes NAME.mvt files and index.json
//   node mvt-fixtures.mjs compare DIR  checks each NAME.json against NAME.mvt
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { VectorTile } from '@mapbox/vector-tile';
import { PbfReader } from 'pbf';
import * as fixtures from '@mapbox/mvt-fixtures';

const [, , command, dir] = process.argv;
const types = ['Unknown', 'Point', 'LineString', 'Polygon'];

function dump() {
  const index = [];
  fixtures.each((f) => {
    fs.writeFileSync(path.join(dir, `${f.id}.mvt`), f.buffer);
    index.push({ name: f.id, valid: f.validity.v2, error: f.validity.error ?? '', description: f.description });
  });
  const real = path.join(import.meta.dirname, 'node_modules/@mapbox/mvt-fixtures/real-world');
  for (const place of fs.readdirSync(real).sort()) {
    for (const file of fs.readdirSync(path.join(real, place)).sort()) {
      const name = `${place}-${file.replace(/\.mvt(\.gz)?$/, '')}`;
      fs.copyFileSync(path.join(real, place, file), path.join(dir, `${name}.mvt`));
      index.push({ name, valid: true, error: '', description: 'real tile' });
    }
  }
  fs.writeFileSync(path.join(dir, 'index.json'), JSON.stringify(index));
}

// what our JSON form of a tile should be, by another decoder
function expected(buffer) {
  const layers = Object.values(new VectorTile(new PbfReader(buffer)).layers);
  return layers.map((l) => {
    const features = [];
    for (let i = 0; i < l.length; i++) {
      const f = l.feature(i);
      const parts = f.loadGeometry().map((part) => part.map((p) => [p.x, p.y]));
      const geometry = f.type === 1 ? parts.flat() : parts;
      features.push({ id: f.id ?? null, type: types[f.type], geometry, properties: { ...f.properties } });
    }
    return { name: l.name, version: l.version, extent: l.extent, features };
  });
}

// integers that JavaScript cannot hold are strings in our JSON: compare them
// as the nearest number, which is what the other decoder gives
const near = (ours, theirs) =>
  typeof ours === 'string' && typeof theirs === 'number' && !Number.isSafeInteger(theirs) ? Number(ours) : ours;

function compare() {
  let tiles = 0;
  let features = 0;
  for (const file of fs.readdirSync(dir).filter((f) => f.endsWith('.json') && f !== 'index.json').sort()) {
    const name = file.slice(0, -'.json'.length);
    const ours = JSON.parse(fs.readFileSync(path.join(dir, file), 'utf8')).layers;
    const theirs = expected(fs.readFileSync(path.join(dir, `${name}.raw`)));
    // layers without features are not known to the other decoder
    const filled = ours.filter((l) => l.features.length > 0);
    for (const [i, l] of filled.entries()) {
      for (const [k, f] of l.features.entries()) {
        const g = theirs[i]?.features[k];
        f.id = near(f.id, g?.id);
        for (const key of Object.keys(f.properties)) f.properties[key] = near(f.properties[key], g?.properties[key]);
        features++;
      }
    }
    if (!isDeepStrictEqual(filled, theirs)) assert.deepEqual(filled, theirs, `tile ${name}`);
    tiles++;
  }
  console.log(`${tiles} tiles, ${features} features alike`);
}

if (command === 'dump') dump();
else if (command === 'compare') compare();
else process.exit(2);
