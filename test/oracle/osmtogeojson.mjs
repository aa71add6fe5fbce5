// Converts Overpass API answers with the npm package osmtogeojson:
//   node osmtogeojson.mjs FILE.json…   writes FILE.json.geojson beside each
import fs from 'node:fs';
import osmtogeojson from 'osmtogeojson';

const [, , ...files] = process.argv;
for (const file of files) {
  const answer = JSON.parse(fs.readFileSync(file, 'utf8'));
  fs.writeFileSync(`${file}.geojson`, JSON.stringify(osmtogeojson(answer, { flatProperties: false })));
}
console.log(`converted ${files.length} files`);
