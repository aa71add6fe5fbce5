// Reads and writes Geobuf with the npm package geobuf:
//   node geobuf.mjs decode FILE.pbf…     writes FILE.pbf.json beside each
//   node geobuf.mjs encode FILE.geojson… writes FILE.geojson.pbf beside each
import fs from 'node:fs';
import { decode, encode } from 'geobuf';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

// geobuf wants the release of pbf that it depends on.
const own = createRequire(createRequire(import.meta.url).resolve('geobuf'));
const { default: Pbf } = await import(pathToFileURL(own.resolve('pbf')));

const [, , what, ...files] = process.argv;
for (const file of files) {
  // an array of its own: this pbf reads doubles wrong from a view into a larger one
  const bytes = new Uint8Array(fs.readFileSync(file));
  if (what === 'decode') fs.writeFileSync(`${file}.json`, JSON.stringify(decode(new Pbf(bytes))));
  else fs.writeFileSync(`${file}.pbf`, encode(JSON.parse(new TextDecoder().decode(bytes)), new Pbf()));
}
console.log(`${what}d ${files.length} files`);
