// The live edge comes from the server, and all closed segments come from the
// bucket: nginx runs with the file of docs/cdn.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { launch } from './lib/browser.mjs';
import { nginxWithBucket } from './lib/cache.mjs';
import { ends } from './lib/ending.mjs';
import { Mediad, until } from './lib/mediad.mjs';
import { servePages } from './lib/pages.mjs';
import { clip, push } from './lib/publisher.mjs';
import { relay } from './lib/relay.mjs';
import { publish, startS3 } from './lib/s3.mjs';
import { longestStall, played, playing } from './lib/watching.mjs';

let s3, m, origin, bucket, cdn, browser, pages, publisher;
before(async () => {
  s3 = ends(await startS3());
  await publish(s3, 'shop');
  m = ends(await Mediad.start({ env: s3.credentials, config: { storage: s3.storage } }));
  origin = ends(await relay(m.httpPort));
  bucket = ends(await relay(new URL(s3.endpoint).port));
  cdn = ends(await nginxWithBucket(origin.port, bucket.port, s3.bucket));
  pages = ends(await servePages());
  browser = ends(await launch());
  publisher = ends(push(await clip({ seconds: 60, fps: 30, gop: 2 }), `${m.rtmp}/${m.key}`));
});

const inBucket = (path) => `/${s3.bucket}/shop${path}`;

/** The paths of the segments that the bucket's own playlist names, oldest first. */
async function stored() {
  const r = await fetch(s3.endpoint + inBucket('/live/demo/index.m3u8'));
  return r.ok ? (await r.text()).split('\n').filter((l) => l.endsWith('.ts')).map((l) => `/live/demo/${l}`) : [];
}

/** The next segment that is stored and that nobody has asked for. */
const fresh = () => until('a segment more in the bucket', async () => {
  const last = (await stored()).at(-1);
  return last && !bucket.asked.includes(inBucket(last)) && !origin.asked.includes(last) && last;
}, 30000);

/** Asks the CDN, and tells what it asked for that. */
async function get(path) {
  const [b, o] = [bucket.asked.length, origin.asked.length];
  const r = await fetch(cdn.http + path);
  const body = Buffer.from(await r.arrayBuffer());
  return { status: r.status, headers: r.headers, body, fromBucket: bucket.asked.slice(b).includes(inBucket(path)), fromOrigin: origin.asked.slice(o).includes(path) };
}

const same = async (got, path) => {
  assert.equal(got.status, 200, path);
  assert.equal(got.headers.get('content-type'), 'video/mp2t');
  assert.equal(got.headers.get('access-control-allow-origin'), '*');
  assert.ok(got.body.equals(Buffer.from(await (await fetch(m.http + path)).arrayBuffer())), path);
};

test('closed segments come from the bucket, the live edge from the server', async () => {
  await until('three stored segments', async () => (await stored()).length > 2, 30000);
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${pages.url}/hlsjs.html?src=${encodeURIComponent(`${cdn.http}/live/demo/index.m3u8`)}`);
  await playing(page, 40000);
  await until('ten seconds, by parts', async () => played(await page.evaluate(() => window.seen.positions)) > 10 && page.evaluate(() => window.seen.parts > 10), 40000);
  const seen = await page.evaluate(() => window.seen);
  await page.context().close();
  assert.deepEqual(seen.errors, []);
  assert.ok(longestStall(seen.positions) < 3, `stood still for ${longestStall(seen.positions)} s`);
  // It was at the edge, and of that nobody asked the bucket.
  assert.ok(origin.asked.filter((path) => /\/main\/p\d+\.ts$/.test(path)).length > 10);
  assert.deepEqual(bucket.asked.filter((path) => !/\/main\/\d+\.ts$/.test(path)), []);

  const path = await fresh();
  const closed = await get(path);
  await same(closed, path);
  assert.deepEqual([closed.fromBucket, closed.fromOrigin], [true, false]);
  const again = await get(path);
  assert.deepEqual([again.headers.get('x-cache-status'), again.fromBucket, again.fromOrigin], ['HIT', false, false]);
});

test('a segment that is not in the bucket yet comes from the server', async () => {
  for (const status of [0, 403]) { // as this store says that there is nothing, and as AWS does
    const path = await fresh();
    await rm(join(s3.dir, 'shop', path));
    bucket.refuse = (asked) => (asked === inBucket(path) ? status : 0);
    const got = await get(path);
    await same(got, path);
    assert.deepEqual([got.fromBucket, got.fromOrigin], [true, true]);
  }
  bucket.refuse = () => 0;
});

test('the bucket alone serves closed segments and the replay', async () => {
  origin.refuse = (path) => (/\/(main\/\d+\.ts|vod\.m3u8)$/.test(path) ? 503 : 0);
  const vod = (await stored())[0].replace(/main\/\d+\.ts$/, 'vod.m3u8');
  for (let i = 0; i < 3; i++) {
    const path = await fresh();
    const got = await get(path);
    await same(got, path);
    assert.equal(got.fromOrigin, false);
  }
  await publisher.stop();
  await until('the replay', async () => (await get(vod)).status === 200, 30000);
});
