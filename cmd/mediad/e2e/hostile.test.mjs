// Hostile peers on both ports while a real broadcast plays: it does not
// falter, and memory stays bounded.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { attackRTMP, buildAttackers, rudeRequests, say, slowLoris, squat } from './lib/attackers.mjs';
import { launch } from './lib/browser.mjs';
import { ends } from './lib/ending.mjs';
import { Mediad, sleep, until } from './lib/mediad.mjs';
import { servePages } from './lib/pages.mjs';
import { clip, push } from './lib/publisher.mjs';
import { longestStall, playing } from './lib/watching.mjs';

// `make soak` asks for 10,000, against the default limits. The short form
// has smaller ones, so that its few attackers reach them, and soon.
const long = process.env.MEDIAD_HOSTILE !== undefined;
const total = Number(process.env.MEDIAD_HOSTILE ?? 500);
const atOnce = long ? 1500 : 500;
const limits = long ? {} : { max_connections: 100, max_connections_per_address: 12, handshake_timeout: '3s', publish_timeout: '3s', write_timeout: '3s' };
const places = limits.max_connections ?? 1024;
const rudeTimes = long ? 50 : 5;
const lorises = long ? 500 : 100;

// What the server may grow by, in bytes: 1024 strangers with 256 KiB of
// unfinished messages each, as much again that is not yet collected, and stacks.
const growth = (long ? 512 : 192) << 20;

let m, pages, browser, publisher, program;
before(async () => {
  program = await buildAttackers();
  ends(() => rm(program, { force: true }));
  m = ends(await Mediad.start({ rtmp: limits }));
  pages = ends(await servePages());
  browser = ends(await launch());
});

/** /metrics as {name or name{labels}: value}. */
async function metrics() {
  const out = {};
  for (const line of (await m.metrics()).split('\n')) {
    const [, name, value] = /^([a-z]\S*) (\S+)$/.exec(line) ?? [];
    if (name) out[name] = Number(value);
  }
  return out;
}

/** Watches the server, and how late this machine is, until it is told to stop. */
function sampling(url) {
  const seen = { samples: 0, memory: 0, goroutines: 0, connections: 0, offAir: 0, breaks: [], late: 0 };
  let stop = false;
  let last = performance.now();
  const clock = setInterval(() => {
    seen.late = Math.max(seen.late, (performance.now() - last - 50) / 1000);
    last = performance.now();
  }, 50);
  const done = (async () => {
    while (!stop) {
      const now = await metrics();
      seen.samples++;
      seen.memory = Math.max(seen.memory, now.process_resident_memory_bytes);
      seen.goroutines = Math.max(seen.goroutines, now.go_goroutines);
      seen.connections = Math.max(seen.connections, now.mediad_rtmp_connections);
      if (now['mediad_room_publishing{room="demo"}'] !== 1) seen.offAir++;
      const text = await (await fetch(url)).text();
      if (/EXT-X-(DISCONTINUITY\n|GAP|ENDLIST)|DISCONTINUITY-SEQUENCE:[1-9]/.test(text)) seen.breaks.push(text);
      await sleep(0.2);
    }
    clearInterval(clock);
    return seen;
  })();
  return () => { stop = true; return done; };
}

/** All the rude requests, in turn but some at once; gives those with a wrong answer. */
async function beRude(times, base, segment) {
  const wrong = [];
  const slowest = { ms: 0 };
  let count = 0;
  for (let i = 0; i < times; i++) {
    const next = Number(/(\d+)\.ts/.exec(segment)[1]) + 100_000; // ahead of whatever the list has come to
    const all = rudeRequests(base, segment, next);
    for (let j = 0; j < all.length; j += 40) {
      await Promise.all(all.slice(j, j + 40).map(async ([what, text, right]) => {
        const got = await say(m.httpPort, text);
        count++;
        if (!right.includes(got.status) || got.late) wrong.push({ what, right, ...got });
        if (got.ms > slowest.ms) Object.assign(slowest, { what, ...got });
      }));
    }
  }
  return { wrong, slowest, count };
}

test(`${total} hostile connections beside a broadcast`, { timeout: long ? 1800_000 : 120_000 }, async (t) => {
  publisher = ends(push(await clip({ seconds: 60, fps: 30, gop: 2 }), `${m.rtmp}/${m.key}`), 'kill');
  let lost = false;
  publisher.exited.then(() => (lost = true));
  const url = await m.mediaPlaylist();
  const page = await browser.newPage();
  await page.goto(`${pages.url}/hlsjs.html?src=${encodeURIComponent(`${m.http}/live/demo/index.m3u8`)}`);
  await playing(page);
  await sleep(3);

  const before = await metrics();
  const from = await page.evaluate(() => window.seen.positions.length);
  const watched = sampling(url);
  const base = new URL(url).pathname;
  const segment = base.replace('index.m3u8', /^(\d+\.ts)$/m.exec(await (await fetch(url)).text())[1]);
  const begun = Date.now();
  const attackers = ends(attackRTMP(program, m.rtmpPort, total, atOnce));
  // Three target durations are the longest hold; the header's ten seconds the longest read.
  const holds = Array.from({ length: lorises }, () => fetch(`${url}?_HLS_msn=1&_HLS_part=0`).then((r) => r.arrayBuffer()));
  const [toll, rude, drips] = await Promise.all([
    attackers.toll,
    beRude(rudeTimes, base, segment),
    Promise.all(Array.from({ length: lorises }, () => slowLoris(m.httpPort, 20_000))),
    ...holds,
  ]);
  const seen = await watched();
  const mib = (n) => (n / (1 << 20)).toFixed(1);

  // Everything comes back to what it was.
  const after = await until('connections and goroutines are back', async () => {
    const now = await metrics();
    return now.mediad_rtmp_connections === 1 && now.go_goroutines <= before.go_goroutines + 20 && now;
  }, 30_000, 250);
  const positions = await page.evaluate((from) => window.seen.positions.slice(from), from);
  const stall = longestStall(positions);
  const reasons = Object.fromEntries(Object.entries(after).filter(([k, v]) => v > 0 && /^mediad_rtmp_(refused|dropped)/.test(k))
    .map(([k, v]) => [/"(.*)"/.exec(k)[1], v]));
  t.diagnostic(`${total} attackers in ${toll.Seconds.toFixed(1)} s, ${rude.count} rude requests (slowest ${rude.slowest.ms} ms: ${rude.slowest.what}), ` +
    `all in ${((Date.now() - begun) / 1000).toFixed(1)} s`);
  t.diagnostic(`memory ${mib(before.process_resident_memory_bytes)} MiB, at most ${mib(seen.memory)}, then ${mib(after.process_resident_memory_bytes)}; ` +
    `goroutines ${before.go_goroutines}, ${seen.goroutines}, ${after.go_goroutines}; at most ${seen.connections} RTMP connections; ${seen.samples} samples`);
  t.diagnostic(`longest stall ${stall.toFixed(2)} s, the machine's ${seen.late.toFixed(2)} s; ${JSON.stringify(reasons)}`);

  assert.equal(lost, false, `the publisher was lost: ${publisher.stderr}`);
  assert.equal(seen.offAir, 0, 'the room was off air');
  assert.deepEqual(seen.breaks.slice(0, 1), [], 'the playlist has a break');
  // The picture's place is read every 100 ms; a busy machine reads it later.
  assert.ok(stall < 0.5 + 2 * seen.late, `the player stood still for ${stall} s, the machine for ${seen.late} s`);
  assert.deepEqual(await page.evaluate(() => window.seen.errors.filter((e) => e.fatal || e.details === 'bufferStalledError')), []);
  assert.ok(seen.samples > 5);
  assert.ok(seen.memory < before.process_resident_memory_bytes + growth, `memory grew from ${before.process_resident_memory_bytes} to ${seen.memory} bytes`);

  assert.equal(toll.Failed, 0, toll.Error);
  assert.equal(Object.values(toll.Attacks).reduce((a, b) => a + b, 0), total);
  assert.deepEqual(toll.Outlasted, {}, 'the server let go of everybody in time');
  assert.ok(seen.connections <= places);
  for (const reason of ['too_many_connections', 'too_many_from_address', 'wrong_key', 'early', 'unknown_type', 'consumed']) {
    assert.ok(reasons[reason] > 0, `nothing was refused or dropped as ${reason}`);
  }
  assert.deepEqual(rude.wrong, []);
  assert.ok(rude.slowest.ms < 9000, `${rude.slowest.what} took ${rude.slowest.ms} ms`);
  assert.deepEqual(drips.filter((d) => d.late), [], 'a header that never ends');

  assert.doesNotMatch(m.log, /goroutine \d+|"level":"ERROR"|panic/);
  for (const secret of [m.key, m.token, 'wr0ng']) assert.ok(!m.log.replace(/stream key.*|admin token.*/g, '').includes(secret), secret);
});

test('a publisher that loses its line gets back into a port full of strangers', async () => {
  const leave = squat(m.rtmpPort, places * 1.5, 40);
  try {
    const full = async () => {
      const now = await metrics();
      return now.mediad_rtmp_connections === places && now['mediad_rtmp_refused_total{reason="too_many_connections"}'];
    };
    const latest = async () => (await m.api('GET', '/rooms/demo')).body.publisher_events.at(-1).kind;
    await until('the port is full', full);
    await publisher.kill();
    await until('the publisher is lost', async () => (await latest()) === 'lost');
    const refused = await until('its place is taken', full);
    publisher = ends(push(await clip({ seconds: 60, fps: 30, gop: 2 }), `${m.rtmp}/${m.key}`), 'kill');
    await until('it is back', async () => (await latest()) === 'back');
    const more = await until('the port is still full', full);
    assert.ok(more > refused, 'nobody else came');
    await until('hundreds more have come', async () => (await full()) > more + places);
    assert.equal(await latest(), 'back', 'it was put out again');
  } finally {
    leave();
  }
});
