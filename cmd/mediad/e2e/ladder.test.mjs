// An encoder sends three video tracks, as OBS does, and a player changes between the renditions.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { before, test } from 'node:test';
import { promisify } from 'node:util';
import assert from 'node:assert/strict';
import { launch } from './lib/browser.mjs';
import { doctor, violated } from './lib/doctor.mjs';
import { ends } from './lib/ending.mjs';
import { Mediad, sleep, until } from './lib/mediad.mjs';
import { servePages } from './lib/pages.mjs';
import { get, uris } from './lib/playlist.mjs';
import { buildLadder, climb, clip } from './lib/publisher.mjs';
import { longestStall, playing, stalls } from './lib/watching.mjs';

const run = promisify(execFile);
const sizes = ['640x360', '426x240', '256x144'];
let m, pages, browser, files, program;
before(async () => {
  m = ends(await Mediad.start());
  pages = ends(await servePages());
  browser = ends(await launch());
  program = await buildLadder();
  files = [];
  for (const size of sizes) files.push(await clip({ seconds: 60, fps: 30, gop: 2, size, audio: size === sizes[0] }));
});

/** Each cue has come. A part may be read again in another rendition: it is then the same cue, at the same picture. */
function each(cues, seqs) {
  for (const seq of seqs) {
    const at = cues.filter(({ cue }) => cue?.seq === seq && cue.kind === 'custom').map((c) => c.at);
    assert.ok(at.length > 0 && Math.max(...at) - Math.min(...at) < 1 / 30, `cue ${seq} is at ${at}`);
  }
}

/** A rendition's newest segment has one access unit a frame, and behind a slice nothing but slices. */
async function cleanUnits(top, name) {
  const list = new URL(uris(await get(top)).find((u) => u.includes(`/${name}/`)), top);
  const segment = await (await fetch(new URL(uris(await get(list)).at(-1), list))).arrayBuffer();
  const file = join(await mkdtemp(join(tmpdir(), 'mediad-ladder-')), `${name}.ts`);
  await writeFile(file, Buffer.from(segment));
  const { stdout: probed } = await run('ffprobe', ['-v', 'error', '-select_streams', 'v', '-count_frames', '-count_packets', '-show_entries', 'stream=nb_read_frames,nb_read_packets', '-of', 'csv=p=0', file]);
  const { stdout: es } = await run('ffmpeg', ['-v', 'error', '-i', file, '-map', '0:v', '-c', 'copy', '-f', 'h264', '-'], { encoding: 'latin1', maxBuffer: 2 ** 26 });
  const kinds = [...es.matchAll(/\0\0\x01([\0-\xff])/g)].map(([, c]) => c.charCodeAt(0) & 0x1f);
  const units = kinds.filter((k) => k === 9).length;
  assert.equal(probed.trim().split(/\s+/)[0], `${units},${units}`);
  kinds.forEach((k, n) => assert.ok(![1, 5].includes(k) || [1, 5, 9, undefined].includes(kinds[n + 1]), `${kinds[n + 1]} behind a slice in ${name}`));
  await rm(dirname(file), { recursive: true });
}

test('forced switches between three renditions, a lost publisher, and each cue once', async () => {
  let encoder = ends(climb(program, files, m.rtmp, m.key));
  const url = `${m.http}/live/demo/index.m3u8`;
  const top = await until(() => `three renditions; the encoder: ${encoder.stderr}`, async () => {
    const text = await (await fetch(url)).text();
    return sizes.every((s) => text.includes(`RESOLUTION=${s}`)) ? text : null;
  });
  for (const name of ['main', '1', '2']) assert.match(top, new RegExp(`^[^#/]+/${name}/index\\.m3u8$`, 'm'), top);

  const page = await (await browser.newContext()).newPage();
  await page.goto(`${pages.url}/hlsjs.html?src=${encodeURIComponent(url)}`);
  await playing(page);
  await page.evaluate(() => {
    window.levels = [];
    window.hls.on(window.Hls.Events.FRAG_BUFFERED, (_, d) => d.frag.type === 'main' && window.levels.at(-1) !== d.frag.level && window.levels.push(d.frag.level));
  });
  const shaka = await (await browser.newContext()).newPage();
  await shaka.goto(`${pages.url}/shaka.html?src=${encodeURIComponent(url)}`);
  await playing(shaka);
  await shaka.evaluate(() => window.player.configure({ abr: { enabled: false } }));
  const room = (await m.api('GET', '/rooms/demo')).body;
  assert.deepEqual(room.ingest.renditions.map((r) => `${r.width}x${r.height}`), sizes);
  // What OBS tells of itself is health in words, and is not in what viewers get.
  const told = await until('the encoder has told of some groups of pictures', async () => {
    const { ingest, warning_details } = (await m.api('GET', '/rooms/demo')).body;
    return ingest.frames_rendered >= 240 && { ...ingest, warnings: warning_details };
  });
  assert.equal(told.frames_rendered % 60, 0);
  assert.deepEqual([told.frames_output, told.frames_lagged, told.frames_dropped], [3 * told.frames_rendered, undefined, undefined]);
  assert.ok(Math.abs(told.frames_input - 3 * told.frames_rendered) <= 120 && Math.abs(told.frames_skipped * 10 - told.frames_rendered) <= 60, JSON.stringify(told));
  assert.ok(told.capture_delay >= 0.1 && told.capture_delay < 5, `capture delay ${told.capture_delay}`);
  assert.deepEqual(told.warnings.map((w) => w.code), ['frames_skipped']);
  assert.ok(Math.abs(told.warnings[0].value - 10 / 3) < 1, told.warnings[0].text);
  for (const name of ['main', '1', '2']) await cleanUnits(url, name);
  const judged = doctor(url, '--for', '8s', '--json');
  const seqs = [];
  const say = async () => {
    const cue = await m.api('POST', '/rooms/demo/cues', { kind: 'custom', data: {} });
    assert.equal(cue.status, 201, JSON.stringify(cue.body));
    const id = cue.body.id;
    seqs.push(await until('the cue lands', async () => (await m.api('GET', `/rooms/demo/cues/${id}`)).body.seq));
  };
  for (let n = 1; n <= 6; n++) {
    await page.evaluate((level) => (window.hls.loadLevel = level), n % 3);
    await shaka.evaluate((n) => window.player.selectVariantTrack(window.player.getVariantTracks().sort((a, b) => a.height - b.height)[n]), n % 3);
    await sleep(1.2);
    await say();
    await sleep(1.2);
  }
  for (const p of [page, shaka]) {
    const switched = await p.evaluate(() => window.seen.positions);
    assert.ok(longestStall(switched) < 1, stalls(switched));
  }
  each((await shaka.evaluate(() => window.seen.cues)).map((c) => ({ cue: c.cue, at: c.start })), seqs.slice(0, -1)); // the last one may be on its way
  assert.deepEqual(await shaka.evaluate(() => window.seen.errors), []);
  await shaka.close();
  const report = await judged;
  assert.deepEqual(violated(JSON.parse(report.stdout)), [], report.stderr);

  // The viewer of a smaller rendition has the slate there, and goes on when the publisher is back.
  await encoder.kill();
  await sleep(3);
  await say();
  encoder = ends(climb(program, files, m.rtmp, m.key));
  await sleep(3);
  await say();
  const seen = await until('each cue has come', () => page.evaluate((last) => {
    const { errors, metadata, positions } = window.seen;
    return metadata.some((s) => s.cue?.seq === last) && { errors, metadata, positions, levels: window.levels };
  }, seqs.at(-1)));
  assert.ok(seen.levels.length >= 6, `levels: ${seen.levels}`);
  assert.deepEqual(seen.errors.filter((e) => e.fatal || /^(frag|level(?!LoadTimeOut)|manifest)/.test(e.details)), []); // a playlist waits for the slate
  assert.ok(longestStall(seen.positions) < 2, stalls(seen.positions));
  each(seen.metadata.map((s) => ({ cue: s.cue, at: s.pts })), seqs);
});
