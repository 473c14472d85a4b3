// Builds what overlay/web embeds. `node build.mjs` fills dist/; --types writes src/generated and nothing else; --tests
// compiles the unit tests; --package makes what clients/js packs.
//
// Everything under dist/assets carries a hash of its bytes in its name and may be kept for ever. dist/embed.js keeps
// its name and only points there. dist/manifest.json tells the Go side which files each app has.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { breaches, weight } from './build/budget.mjs';
import { generate } from './build/generate.mjs';
import { styleText } from './build/styles.mjs';

const root = dirname(fileURLToPath(import.meta.url));
process.chdir(root);

await generate();
if (process.argv.includes('--types')) process.exit(0);

if (process.argv.includes('--tests')) {
  rmSync('.test', { recursive: true, force: true });
  await build({
    entryPoints: readdirSync('test', { recursive: true }).filter((f) => f.endsWith('.test.ts')).map((f) => join('test', f)),
    outbase: 'test',
    outdir: '.test',
    bundle: true,
    platform: 'node',
    external: ['obs-websocket-js', 'ws'], // they load what they need of Node.js by themselves
    format: 'esm',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  process.exit(0);
}

if (process.argv.includes('--package')) {
  const out = join('..', '..', 'clients', 'js', 'dist');
  rmSync(out, { recursive: true, force: true });
  await build({ absWorkingDir: root, entryPoints: ['src/shared/cue.ts'], outfile: join(out, 'cues.js'), bundle: true, format: 'esm', target: 'es2021', logLevel: 'warning' });
  const { default: ts } = await import('typescript');
  const { outputText, diagnostics } = ts.transpileDeclaration(readFileSync('src/shared/cue.ts', 'utf8'), { fileName: 'cue.ts', reportDiagnostics: true });
  if (diagnostics?.length) throw new Error(ts.formatDiagnostics(diagnostics, { getCurrentDirectory: () => root, getNewLine: () => '\n', getCanonicalFileName: (f) => f }));
  writeFileSync(join(out, 'cues.d.ts'), outputText);
  process.exit(0);
}

/** The apps: the module that begins each, and the style of the page that it is on. */
const apps = {
  dock: { module: 'src/dock/dock.ts', style: 'src/dock/dock.css' },
  studio: { module: 'src/studio/studio.ts', style: 'src/studio/studio.css' },
  operator: { module: 'src/operator/operator.ts' },
  extras: { module: 'src/player/extras.ts' },
  coupon: { module: 'src/player/coupon.ts' },
  poll: { module: 'src/player/poll/poll.ts' },
  crowd: { module: 'src/player/crowd.ts' },
  points: { module: 'src/player/points.ts' },
  talk: { module: 'src/player/talk/talk.ts' },
  remind: { module: 'src/player/remind.ts' },
  pieces: { module: 'src/player/pieces.ts' },
  player: { module: 'src/player/player.ts', style: 'src/shared/page.css' },
  watch: { module: 'src/watch/watch.ts', style: 'src/watch/watch.css' },
  festival: { module: 'src/festival/festival.ts', style: 'src/festival/festival.css' },
  times: { module: 'src/watch/times.ts' }, // for pages that load no player
};

// Apps for hosts share no chunk with apps for viewers, nor with each other, and neither do the player and what it loads
// later. Otherwise each would load parts of Lit and of the component library that only the others need.
const forHosts = ['operator', 'dock', 'studio'];
const forViewers = ['player', 'watch'];
const forLater = ['extras'];
const pieces = ['coupon', 'crowd', 'poll', 'talk', 'remind', 'points']; // what the player loads where a show has what it is for, each with all that it needs: src/player/pieces.ts

const assets = 'dist/assets';
for (const name of readdirSync('dist')) {
  if (name !== '.keep') rmSync(join('dist', name), { recursive: true, force: true });
}
mkdirSync(assets, { recursive: true });

/** Writes bytes to a file with their hash in its name, and returns the name. */
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

const outputs = {};

/** Builds apps that share common chunks. */
async function bundle(names, define) {
  const { metafile } = await build({
    ...common,
    entryPoints: names.flatMap((name) => Object.entries({ [name]: apps[name].module, [`${name}-page`]: apps[name].style }).filter(([, file]) => file).map(([out, file]) => ({ in: file, out }))),
    outdir: assets,
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    splitting: true,
    metafile: true,
    define,
    plugins: [styleText],
  });
  return Object.assign(outputs, metafile.outputs) && metafile.outputs;
}

for (const name of forHosts) await bundle([name], {});
for (const name of ['times', 'festival', ...pieces]) await bundle([name], {});
await bundle(['pieces'], { PIECE_FILES: JSON.stringify(Object.fromEntries(pieces.map((name) => [name, fileOf(name)]))) });
const PIECES_FILE = JSON.stringify(fileOf('pieces'));
await bundle(forLater, { PIECES_FILE });
const viewers = await bundle(forViewers, { PIECES_FILE, WORKER_FILE: JSON.stringify(worker), EXTRAS_FILE: JSON.stringify(fileOf('extras')), OPERATOR_FILE: JSON.stringify(fileOf('operator')) });

function outputOf(entry) {
  return Object.keys(outputs).find((f) => outputs[f].entryPoint === entry);
}

/** The file of an app's module. */
function fileOf(name) {
  return basename(outputOf(apps[name].module));
}

/** The files that a module needs at once, itself first. */
function needs(file, seen = new Set()) {
  seen.add(file);
  for (const i of outputs[file].imports) if (i.kind === 'import-statement' && !seen.has(i.path)) needs(i.path, seen);
  return [...seen];
}

const loads = Object.fromEntries(Object.entries(apps).map(([name, { module, style }]) => [name, { modules: needs(outputOf(module)), styles: style ? [outputOf(style)] : [] }]));
const names = (files) => files.map((f) => basename(f));
const hls = Object.keys(viewers).find((f) => Object.keys(viewers[f].inputs).some((i) => i.includes('hls.light')));

// All of the player's modules are named here, so that the browser asks for them at once.
const [entry, ...others] = names(loads.player.modules);
writeFileSync('dist/embed.js', [...others.map((f) => `import"./assets/${f}";`), `export*from"./assets/${entry}";`, ''].join('\n'));
writeFileSync(
  'dist/manifest.json',
  JSON.stringify({
    apps: Object.fromEntries(Object.entries(loads).map(([name, { modules, styles }]) => [name, { modules: names(modules), styles: names(styles) }])),
    files: { hls: basename(hls), worker, icon },
  }, null, 1) + '\n',
);

await build({ ...common, entryPoints: { 'mediad-cues': 'src/shared/cue.ts', 'reminder-worker': 'src/remind/push.ts' }, outdir: 'dist' });

const kb = (n) => `${(n / 1024).toFixed(1).padStart(7)} KB`;
for (const f of readdirSync('dist', { recursive: true }).filter((f) => /\.(js|css)$/.test(f)).sort()) {
  const bytes = readFileSync(join('dist', f));
  console.log(`${kb(bytes.length)} ${kb(gzipSync(bytes).length)} gzip  ${relative(root, join(root, 'dist', f))}`);
}

const weighed = Object.fromEntries(Object.entries(loads).map(([name, { modules, styles }]) =>
  [name, { weight: weight([...modules, ...styles].map((f) => readFileSync(f))), inputs: modules.flatMap((f) => Object.keys(outputs[f].inputs)) }]));
for (const [name, app] of Object.entries(weighed)) console.log(`${kb(app.weight)} gzip at once: ${name}`);
const broken = breaches(weighed);
if (broken.length) {
  rmSync('dist/manifest.json'); // nothing that is too heavy is served
  console.error(broken.join('\n'));
  process.exit(1);
}

function strip(bytes) {
  return Buffer.from(bytes.toString().replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n'));
}
