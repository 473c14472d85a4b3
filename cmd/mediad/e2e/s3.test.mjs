// The same show with its segments in a real S3 server, read back from the
// bucket's own files.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { launch } from './lib/browser.mjs';
import { ends } from './lib/ending.mjs';
import { Mediad, sleep, until } from './lib/mediad.mjs';
import { servePages } from './lib/pages.mjs';
import { get, number, uris } from './lib/playlist.mjs';
import { clip, push } from './lib/publisher.mjs';
import { startS3 } from './lib/s3.mjs';
import { longestStall, playing } from './lib/watching.mjs';

let s3, m, browser, pages, publisher;
before(async () => {
  s3 = ends(await startS3());
  m = ends(await Mediad.start({ env: s3.credentials, config: { storage: s3.storage } }));
  pages = ends(await servePages());
  browser = ends(await launch());
});

test('a stored playlist names only what is stored, at every moment', async () => {
  publisher = ends(push(await clip({ seconds: 60, fps: 30, gop: 2 }), `${m.rtmp}/${m.key}`));
  const url = await m.mediaPlaylist();
  const epoch = url.split('/').at(-3);
  const { body: room } = await m.api('GET', '/rooms/demo');
  const plain = join(s3.dir, 'shop/live/demo/index.m3u8');
  await until('the stored playlist', () => stat(plain).catch(() => null));

  const page = await (await browser.newContext()).newPage();
  await page.goto(`${pages.url}/hlsjs.html?src=${encodeURIComponent(`${m.http}/live/demo/index.m3u8`)}`);
  await playing(page);

  const served = new Set();
  let sequence = 0;
  for (const end = Date.now() + 20000; Date.now() < end;) {
    const text = await readFile(plain, 'utf8').catch(() => '');
    if (text) {
      const first = number(text, 'MEDIA-SEQUENCE');
      assert.ok(first >= sequence, `media sequence ${first} after ${sequence}`);
      sequence = first;
      for (const uri of uris(text)) {
        assert.ok((await stat(join(dirname(plain), uri))).size > 0, uri);
      }
      assert.doesNotMatch(text, /EXT-X-PART|SERVER-CONTROL|ENDLIST/);
    }
    for (const uri of uris(await get(url))) served.add(uri);
    await sleep(0.1);
  }
  const seen = await page.evaluate(() => window.seen);
  assert.deepEqual(seen.errors, []);
  assert.ok(longestStall(seen.positions) < 1);

  await publisher.stop();
  const vod = join(s3.dir, `shop/live/demo/${epoch}/vod.m3u8`);
  const text = await until('the VOD playlist', () => readFile(vod, 'utf8').catch(() => null));
  assert.match(text, /#EXT-X-PLAYLIST-TYPE:VOD/);
  assert.match(text, /#EXT-X-ENDLIST/);
  assert.doesNotMatch(text, /EXT-X-GAP/);
  const stored = new Set(await readdir(join(s3.dir, `shop/live/demo/${epoch}/main`)));
  for (const uri of served) assert.ok(stored.has(uri), `${uri} was served and is not stored`);
  assert.deepEqual(new Set(uris(text).map((u) => u.split('/').at(-1))), stored);
  await until('ENDLIST', async () => /#EXT-X-ENDLIST/.test(await readFile(plain, 'utf8')));

  // The replay plays.
  const replay = await (await browser.newContext()).newPage();
  await replay.goto(`${pages.url}/hlsjs.html?src=${encodeURIComponent(`${m.http}/vod/${room.show.id}/index.m3u8`)}`);
  await playing(replay);
  await until('some seconds of the replay', () => replay.evaluate(() => window.seen.positions.at(-1).at > 5));
  assert.deepEqual((await replay.evaluate(() => window.seen)).errors, []);
});
