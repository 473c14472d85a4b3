// A CDN that knows only the bucket: the plain playlist, the segments and the
// replay, with the headers that the objects were put with. And what happens to
// them when the show is deleted.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { launch } from './lib/browser.mjs';
import { ends } from './lib/ending.mjs';
import { binary, Mediad, until, environment } from './lib/mediad.mjs';
import { startCDN } from './lib/nginx.mjs';
import { servePages } from './lib/pages.mjs';
import { clip, push } from './lib/publisher.mjs';
import { publish, startS3 } from './lib/s3.mjs';
import { longestStall, played, playing } from './lib/watching.mjs';

let s3, cdn, m, browser, pages, publisher;
before(async () => {
  s3 = ends(await startS3());
  await publish(s3, 'shop');
  cdn = ends(await startCDN(`${s3.endpoint}/${s3.bucket}/shop`));
  m = ends(await Mediad.start({ env: s3.credentials, config: { storage: s3.storage } }));
  pages = ends(await servePages());
  browser = ends(await launch());
});

const watch = async (url) => {
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${pages.url}/hlsjs.html?src=${encodeURIComponent(url)}`);
  await playing(page, 40000);
  return page;
};

const check = async (...args) => promisify(execFile)(binary, ['storage', ...args, '--config', m.configFile], { env: { ...environment, ...s3.credentials } })
  .then((r) => ({ code: 0, ...r }), (err) => err);

test('a CDN on the bucket alone serves live, replay, and nothing of a deleted show', async () => {
  publisher = ends(push(await clip({ seconds: 60, fps: 30, gop: 2 }), `${m.rtmp}/${m.key}`));
  const live = `${cdn.url}/live/demo/index.m3u8`;
  const text = await until('three segments in the stored playlist', async () => {
    const t = await (await fetch(live)).text();
    return t.split('#EXTINF').length > 3 && t;
  }, 30000);
  const epoch = (await m.mediaPlaylist()).split('/').at(-3);

  // The headers are the objects' own.
  const list = await fetch(live);
  assert.equal(list.headers.get('content-type'), 'application/vnd.apple.mpegurl');
  assert.equal(list.headers.get('cache-control'), 'public, max-age=1');
  assert.equal(list.headers.get('access-control-allow-origin'), '*');
  const segment = new URL(text.split('\n').find((l) => l.endsWith('.ts')), live);
  const bytes = await fetch(segment);
  assert.equal(bytes.headers.get('content-type'), 'video/mp2t');
  assert.equal(bytes.headers.get('cache-control'), 'public, max-age=31536000, immutable');
  assert.equal(bytes.headers.get('access-control-allow-origin'), '*');
  await bytes.arrayBuffer();
  assert.equal((await fetch(segment)).headers.get('x-cache'), 'HIT');

  const page = await watch(live);
  await until('ten seconds of live', async () => played(await page.evaluate(() => window.seen.positions)) > 10, 40000);
  const seen = await page.evaluate(() => window.seen);
  assert.deepEqual(seen.errors, []);
  assert.ok(longestStall(seen.positions) < 2);

  // The check runs beside the live server, and finds nothing.
  let found = await check('check', '--json');
  assert.equal(found.code, 0, found.stderr);
  assert.deepEqual(JSON.parse(found.stdout).findings, []);

  const { body: room } = await m.api('GET', '/rooms/demo');
  assert.equal((await m.api('DELETE', `/shows/${room.show.id}`)).status, 409);
  await publisher.stop();
  const vod = `${cdn.url}/live/demo/${epoch}/vod.m3u8`;
  await until('the replay', async () => (await fetch(vod)).ok, 30000);
  const replay = await watch(vod);
  await until('some seconds of the replay', () => replay.evaluate(() => window.seen.positions.at(-1).at > 4), 30000);
  assert.deepEqual((await replay.evaluate(() => window.seen)).errors, []);

  const { body: shows, report } = await until('both say how much is stored', async () => {
    const { body } = await m.api('GET', '/rooms/demo/shows');
    const { body: report } = await m.api('GET', '/storage');
    return body.items[0].bytes > 100000 && body.items[0].duration > 10 && report.bytes === body.items[0].bytes && { body, report };
  });
  assert.equal(shows.items[0].id, room.show.id);
  assert.deepEqual(report.alarms, []);
  assert.match(await m.metrics(), /^mediad_storage_room_bytes{room="demo"} [1-9]/m);

  // Deleted: at once without a replay, then without objects.
  assert.equal((await fetch(`${m.http}/vod/${room.show.id}/index.m3u8`)).status, 200);
  assert.equal((await m.api('DELETE', `/shows/${room.show.id}`)).status, 202);
  assert.equal((await fetch(`${m.http}/vod/${room.show.id}/index.m3u8`)).status, 410);
  const { body: gone } = await until('the deletion', async () => {
    const answer = await m.api('GET', `/shows/${room.show.id}`);
    return answer.body.deleted && answer;
  }, 30000);
  assert.equal(gone.bytes, 0);
  const left = (await readdir(s3.dir, { recursive: true, withFileTypes: true })).filter((f) => f.isFile());
  assert.deepEqual(left.map((f) => f.name), []);
  await until('the stable playlist is gone at the CDN', async () => (await fetch(live)).status === 404);
  found = await check('check', '--json');
  assert.equal(found.code, 0, found.stdout);
});
