// Builds what overlay/web embeds: `node build.mjs` fills dist/, `node build.mjs --tests` compiles the unit tests.
//
// Everything under dist/assets carries a hash of its bytes in its name and may be kept for ever. dist/embed.js keeps
// its name and only points there. dist/manifest.json tells the Go side what is called what.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const root = dirname(fileURLToPath(import.meta.url));
process.chdir(root);

if (process.argv.includes('--tests')) {
  rmSync('.test', { recursive: true, force: true });
  await build({
    entryPoints: readdirSync('test', { recursive: true }).filter((f) => f.endsWith('.test.ts')).map((f) => join('test', f)),
    outbase: 'test',
    outdir: '.test',
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  process.exit(0);
}

const assets = 'dist/assets';
for (const name of readdirSync('dist')) {
  if (name !== '.keep') rmSync(join('dist', name), { recursive: true, force: true });
}
mkdirSync(assets, { recursive: true });

/** Writes bytes under a name that tells them apart, and returns the name. */
function asset(name, extension, bytes) {
  const hash = createHash('sha256').update(bytes).digest('base64url').replace(/[-_]/g, '').slice(0, 8);
  const file = `${name}-${hash}${extension}`;
  writeFileSync(join(assets, file), bytes);
  return file;
}

// hls.js loads its worker by address when it is bundled as a module.
const worker = asset('hls-worker', '.js', strip(readFileSync('node_modules/hls.js/dist/hls.worker.js')));
const icon = asset('icon', '.svg', readFileSync('src/shared/icon.svg'));

const common = {
  bundle: true,
  minify: true,
  format: 'esm',
  target: ['es2021'],
  legalComments: 'none',
  logLevel: 'warning',
};

const result = await build({
  ...common,
  entryPoints: { player: 'src/player/player.ts', watch: 'src/watch/watch.ts', page: 'src/shared/page.css' },
  outdir: assets,
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  splitting: true,
  metafile: true,
  define: { WORKER_FILE: JSON.stringify(worker) },
});

const outputs = Object.entries(result.metafile.outputs);
const outputOf = (entry) => outputs.find(([, o]) => o.entryPoint === entry)[0];

/** The files that a module needs at once, itself first. */
function needs(file, seen = new Set()) {
  seen.add(file);
  for (const i of result.metafile.outputs[file].imports) {
    if (i.kind === 'import-statement' && !seen.has(i.path)) needs(i.path, seen);
  }
  return [...seen].map((f) => basename(f));
}

const player = needs(outputOf('src/player/player.ts'));
const watch = needs(outputOf('src/watch/watch.ts'));
const hls = outputs.find(([, o]) => Object.keys(o.inputs).some((i) => i.includes('hls.light')))[0];

// All of the player's modules are named here, so that the browser asks for them at once.
writeFileSync('dist/embed.js', [...player.slice(1).map((f) => `import"./assets/${f}";`), `export*from"./assets/${player[0]}";`, ''].join('\n'));
writeFileSync(
  'dist/manifest.json',
  JSON.stringify({ player, watch, hls: basename(hls), worker, style: basename(outputOf('src/shared/page.css')), icon }, null, 1) + '\n',
);

await build({ ...common, entryPoints: { 'mediad-cues': 'src/shared/cue.ts' }, outdir: 'dist' });

const kb = (n) => `${(n / 1024).toFixed(1).padStart(7)} KB`;
for (const f of readdirSync('dist', { recursive: true }).filter((f) => /\.(js|css)$/.test(f)).sort()) {
  const bytes = readFileSync(join('dist', f));
  console.log(`${kb(bytes.length)} ${kb(gzipSync(bytes).length)} gzip  ${relative(root, join(root, 'dist', f))}`);
}

function strip(bytes) {
  return Buffer.from(bytes.toString().replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n'));
}
