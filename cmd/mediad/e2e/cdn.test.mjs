// A crowd behind a cache costs the origin about what one viewer costs, and
// nobody notices the cache. nginx and Varnish run with the files of docs/cdn.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { gunzipSync } from 'node:zlib';
import { launch } from './lib/browser.mjs';
import { nginx, varnish } from './lib/cache.mjs';
import { ask, crowd, read, text } from './lib/crowd.mjs';
import { doctor, violated } from './lib/doctor.mjs';
import { ends } from './lib/ending.mjs';
import { Mediad, sleep, until } from './lib/mediad.mjs';
import { servePages } from './lib/pages.mjs';
import { clip, push } from './lib/publisher.mjs';
import { longestStall, playing } from './lib/watching.mjs';

const viewers = Number(process.env.MEDIAD_CDN_VIEWERS ?? 300);
const seconds = Number(process.env.MEDIAD_CDN_SECONDS ?? 6);

let m, pages, browser, path;
before(async () => {
  m = ends(await Mediad.start());
  pages = ends(await servePages());
  browser = ends(await launch());
  ends(push(await clip({ seconds: 60, fps: 30, gop: 2, size: '320x180' }), `${m.rtmp}/${m.key}`));
  path = new URL(await m.mediaPlaylist()).pathname;
});

/** What has reached the origin so far, by kind; refusals apart. */
async function reached() {
  const metrics = await m.metrics();
  const n = { playlist: 0, part: 0, segment: 0, refused: 0 };
  for (const [, code, kind, value] of metrics.matchAll(/^mediad_http_requests_total\{code="(\d+)",kind="(\w+)"\} (\d+)/gm)) {
    if (kind in n) n[Number(code) < 400 ? kind : 'refused'] += Number(value);
  }
  return n;
}

/** Lets a crowd watch, and tells what that cost the origin for each part that came out meanwhile. */
async function cost(cache, n) {
  const playlist = cache.http + path;
  const edge = async () => read(text(await ask(m.http + path))).parts.at(-1).number;
  const [from, before] = [await edge(), await reached()];
  const seen = await crowd(playlist, n, seconds);
  const [to, now] = [await edge(), await reached()];
  for (const v of seen) {
    assert.deepEqual(Object.keys(v.statuses), ['200'], JSON.stringify(v.statuses));
    v.got.forEach((p, i) => assert.equal(p, v.got[0] + i, 'a part is missing'));
    // All come within the first second, and begin some parts behind the edge.
    assert.ok(v.got.length > (to - from) / 2, `a viewer got ${v.got.length} of ${to - from} parts`);
  }
  const asked = Object.fromEntries(Object.keys(now).map((k) => [k, now[k] - before[k]]));
  const requests = asked.playlist + asked.part + asked.segment - 1; // ours for the edge
  return { viewers: n, parts: to - from, ...asked, perPart: requests / (to - from), behind: Math.max(...seen.map((v) => to - v.got.at(-1))), stalls: Math.max(...seen.map((v) => v.stalls)) };
}

/** What is asked for too early is refused, and that harms nobody later. */
async function early(cache) {
  const playlist = cache.http + path;
  const now = async () => read(text(await ask(m.http + path)));
  // Where the machine stood still meanwhile, the part was not too early any more, and another one is asked for.
  const { at, part, blocked, answers: [far, tooFar, senseless] } = await until('it is asked for in time', async () => {
    const at = await now();
    const part = `${new URL('.', playlist).href}p${at.parts.at(-1).number + 4}.ts`;
    const blocked = `${playlist}?_HLS_msn=${at.msn + 3}&_HLS_part=0`;
    const answers = await Promise.all([ask(part), ask(blocked), ask(`${playlist}?_HLS_part=1`)]);
    return (await now()).parts.at(-1).number <= at.parts.at(-1).number + 1 && { at, part, blocked, answers };
  });
  assert.equal(far.status, 404);
  assert.equal(tooFar.status, 400);
  assert.equal(senseless.status, 400);
  for (const r of [far, tooFar, senseless]) assert.equal(r.headers['access-control-allow-origin'], '*');
  return async () => {
    // By now both are there.
    await until('the stream has got there', async () => read(text(await ask(m.http + path))).msn > at.msn + 3);
    const [p, l] = await Promise.all([ask(part), ask(blocked)]);
    assert.equal(p.status, 200, `${cache.name} kept the 404 of a part`);
    assert.equal(l.status, 200, `${cache.name} kept the 400 of a playlist`);
  };
}

/** Every one gets the encoding that he can read; the names of parameters and their order do not matter. */
async function encodings(cache) {
  const at = read(text(await ask(m.http + path)));
  const question = (q) => cache.http + path + q;
  const list = await Promise.all([
    ask(question(`?_HLS_msn=${at.msn}&_HLS_part=${at.part}`), { headers: { 'accept-encoding': 'gzip, deflate, br, zstd' } }),
    ask(question(`?_HLS_part=${at.part}&utm_source=x&_HLS_msn=${at.msn}`), { headers: { 'accept-encoding': 'identity' } }),
    ask(question(`?foreign=1&_HLS_msn=${at.msn}&_HLS_part=${at.part}`)),
  ]);
  for (const r of list) {
    assert.equal(r.status, 200);
    assert.equal(r.headers.vary, 'Accept-Encoding');
    assert.ok(read(text(r)).parts.some((p) => p.number > at.parts.at(-1).number), 'answered before its time');
  }
  assert.equal(list[0].headers['content-encoding'], 'gzip');
  assert.match(gunzipSync(list[0].body).toString(), /^#EXTM3U/);
  for (const r of list.slice(1)) assert.match(r.body.toString(), /^#EXTM3U/);
  const range = await ask(new URL(`p${at.parts.at(-1).number}.ts`, cache.http + path).href, { headers: { range: 'bytes=188-9007199254740991' } });
  assert.equal(range.status, 206);
  assert.equal(range.body.length % 188, 0);
}

/** What pages fetch of a show is answered once a second for all. */
async function products(cache) {
  const { body: room } = await m.api('GET', '/rooms/demo');
  const live = `${cache.http}/c/${room.show.id}/live.json`;
  await until('of two within a second the cache answers one', async () => {
    await ask(live);
    const again = await ask(live);
    assert.equal(again.status, 200);
    return /HIT|UPDATING/.test(again.headers['x-cache'] ?? again.headers['x-cache-status']);
  });
}

/** The doctor finds nothing to say of the cache, and sees that it collapses. */
async function healthy(cache) {
  const { stdout } = await doctor(`${cache.http}/live/demo/index.m3u8`, '--for', '8s', '--cdn', '--json');
  const report = JSON.parse(stdout);
  assert.deepEqual(violated(report), []);
  const missed = report.unchecked.filter((u) => /^A6\.2/.test(u.id));
  assert.deepEqual(missed, [], 'what is said of caches was not looked at');
}

async function plays(cache) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${pages.url}/hlsjs.html?src=${encodeURIComponent(`${cache.http}/live/demo/index.m3u8`)}`);
  await playing(page);
  await sleep(seconds / 2);
  await until('it plays parts', () => page.evaluate(() => window.seen.parts > 3));
  const seen = await page.evaluate(() => window.seen);
  assert.deepEqual(seen.errors, []);
  assert.ok(longestStall(seen.positions) < 3, `stood still for ${longestStall(seen.positions)} s`);
  await context.close();
  return seen.positions.at(-1).latency;
}

for (const start of [nginx, varnish]) {
  test(`${viewers} viewers behind ${start.name} cost the server as much as one viewer`, async (t) => {
    const cache = await start(m.httpPort);
    try {
      const later = await early(cache);
      const one = await cost(cache, 1);
      await later();
      const all = await cost(cache, viewers);
      await encodings(cache);
      const latency = await plays(cache);
      t.diagnostic(JSON.stringify({ one, all, latency }));
      assert.ok(all.perPart <= 1.5 * one.perPart, `${all.perPart} requests for each part, ${one.perPart} for one viewer`);
      assert.equal(all.refused, 0);
      assert.ok(all.stalls <= 1, `the picture stood still ${all.stalls} times`); // once may be the publisher's pause
      await products(cache);
      await healthy(cache);
    } finally {
      await cache.stop();
    }
  });
}

test('nginx without request collapsing works as well, and costs the server more', async (t) => {
  const cache = await nginx(m.httpPort, { collapse: false });
  try {
    const all = await cost(cache, Math.ceil(viewers / 5));
    t.diagnostic(JSON.stringify(all));
    assert.equal(all.refused, 0);
    assert.ok(all.perPart > 3, `${all.perPart} requests for each part: it does collapse`);
  } finally {
    await cache.stop();
  }
});
