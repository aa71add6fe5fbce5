// Opens an archive with the npm pmtiles reader and compares all of it with a
// list: node pmtiles-read.mjs FILE LIST.json
// LIST is {header: {…}, metadata: {…} or null, tiles: {"z/x/y": sha256 of the plain tile}, absent: ["z/x/y"] or null}.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { open } from 'node:fs/promises';
import { PMTiles } from 'pmtiles';

const [, , file, listFile] = process.argv;
const list = JSON.parse(fs.readFileSync(listFile, 'utf8'));
const handle = await open(file);

const source = {
  getKey: () => file,
  async getBytes(offset, length) {
    const buffer = new ArrayBuffer(length);
    const { bytesRead } = await handle.read(new Uint8Array(buffer), 0, length, offset);
    return { data: buffer.slice(0, bytesRead) };
  },
};

const archive = new PMTiles(source);
const header = await archive.getHeader();
for (const [key, value] of Object.entries(list.header)) assert.deepEqual(header[key], value, `header ${key}`);
const metadata = await archive.getMetadata();
if (list.metadata) assert.deepEqual(metadata, list.metadata);

for (const [address, sum] of Object.entries(list.tiles)) {
  const tile = await archive.getZxy(...address.split('/').map(Number));
  assert.ok(tile, `tile ${address} is missing`);
  assert.equal(createHash('sha256').update(Buffer.from(tile.data)).digest('hex'), sum, `tile ${address}`);
}
for (const address of list.absent ?? []) {
  assert.equal(await archive.getZxy(...address.split('/').map(Number)), undefined, `tile ${address}`);
}
await handle.close();
console.log(`${Object.keys(list.tiles).length} tiles alike`);
