// Draws an archive with MapLibre GL JS in headless Chromium, through the
// pmtiles protocol, and checks that all features are on the map:
//   node maplibre.mjs FILE.pmtiles LAYER NAMES [SHOT.png]
// NAMES is how many different values of "name" must be drawn: 16, or 16+ for
// at least as many.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { chromium } from 'playwright-core';

const [, , file, layer, names, shot] = process.argv;
const here = path.join(import.meta.dirname, 'node_modules');
const page = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">
<link rel="stylesheet" href="/maplibre-gl/dist/maplibre-gl.css">
<style>html,body,#map{margin:0;width:800px;height:600px;background:#fff}</style><div id="map"></div>
<script src="/pmtiles/dist/pmtiles.js"></script>
<script type="module">import * as m from '/maplibre-gl/dist/maplibre-gl.mjs'; window.gl = m.default ?? m;</script>`;
const kinds = { '.js': 'text/javascript', '.mjs': 'text/javascript', '.css': 'text/css' };

// a server of this machine only, for the page, the libraries and byte ranges of the archive
const server = http.createServer((request, response) => {
  const name = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
  if (name === '/') return response.setHeader('Content-Type', 'text/html').end(page);
  const target = name === '/tiles.pmtiles' ? file : path.join(here, path.normalize(name));
  if (!fs.existsSync(target)) return response.writeHead(404).end();
  const size = fs.statSync(target).size;
  const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
  response.setHeader('Content-Type', kinds[path.extname(target)] ?? 'application/octet-stream');
  if (!range) return fs.createReadStream(target).pipe(response);
  const start = Number(range[1]);
  const end = Math.min(Number(range[2]), size - 1);
  response.writeHead(206, { 'Content-Range': `bytes ${start}-${end}/${size}`, 'Content-Length': end - start + 1 });
  return fs.createReadStream(target, { start, end }).pipe(response);
});
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
const origin = `http://127.0.0.1:${server.address().port}`;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'],
});
const faults = [];
try {
  const tab = await browser.newPage({ viewport: { width: 800, height: 600 } });
  tab.on('console', (m) => m.type() === 'error' && faults.push(`console: ${m.text()}`));
  tab.on('pageerror', (e) => faults.push(`page: ${e.message}`));
  tab.on('response', (r) => r.status() >= 400 && faults.push(`HTTP ${r.status()} ${r.url()}`));
  await tab.goto(origin);
  await tab.waitForFunction('window.gl && window.pmtiles');
  const seen = await tab.evaluate(async ({ url, layer }) => {
    const errors = [];
    const protocol = new pmtiles.Protocol({ metadata: true });
    gl.addProtocol('pmtiles', protocol.tile);
    const header = await new pmtiles.PMTiles(url).getHeader();
    const map = new gl.Map({
      container: 'map',
      bounds: [header.minLon, header.minLat, header.maxLon, header.maxLat],
      fadeDuration: 0,
      canvasContextAttributes: { preserveDrawingBuffer: true },
      style: {
        version: 8,
        sources: { s: { type: 'vector', url: `pmtiles://${url}` } },
        layers: [
          { id: 'fill', type: 'fill', source: 's', 'source-layer': layer, paint: { 'fill-color': '#4e79a7' } },
          { id: 'line', type: 'line', source: 's', 'source-layer': layer, paint: { 'line-color': '#222' } },
        ],
      },
    });
    map.on('error', (e) => errors.push(`map: ${e.error?.message ?? e}`));
    await new Promise((done) => { map.once('idle', done); });
    const drawn = map.queryRenderedFeatures();
    return { errors, features: drawn.length, names: [...new Set(drawn.map((f) => f.properties.name))] };
  }, { url: `${origin}/tiles.pmtiles`, layer });
  faults.push(...seen.errors);
  if (shot) await tab.screenshot({ path: shot });
  const want = parseInt(names, 10);
  const enough = names.endsWith('+') ? seen.names.length >= want : seen.names.length === want;
  if (!enough) faults.push(`${seen.names.length} names drawn, not ${names}: ${seen.names.slice(0, 20)}`);
  console.log(`${seen.features} features drawn, ${seen.names.length} names`);
} finally {
  await browser.close();
  server.close();
}
for (const f of faults) console.error(f);
process.exit(faults.length ? 1 : 0);
