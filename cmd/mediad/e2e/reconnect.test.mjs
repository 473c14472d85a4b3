// Publishers that vanish, come back, take over, and stay away.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { launch } from './lib/browser.mjs';
import { ends } from './lib/ending.mjs';
import { Mediad, says, sleep, until } from './lib/mediad.mjs';
import { servePages } from './lib/pages.mjs';
import { count, get, number } from './lib/playlist.mjs';
import { clip, push } from './lib/publisher.mjs';
import { longestStall, playing } from './lib/watching.mjs';

let m, pages, browser, publisher;
before(async () => {
  m = ends(await Mediad.start({ config: { hls: { reconnect: '8s' } } }));
  pages = ends(await servePages());
  browser = ends(await launch());
});

/** All DISCONTINUITY tags that there ever were: the first may have left the window. */
const discontinuities = (text) => number(text, 'DISCONTINUITY-SEQUENCE') + count(text, 'DISCONTINUITY');

test('a lost connection makes one DISCONTINUITY at the same URL, and hls.js plays on', async () => {
  const file = await clip({ seconds: 60, fps: 30, gop: 2 });
  publisher = ends(push(file, `${m.rtmp}/${m.key}`));
  const url = await m.mediaPlaylist();
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${pages.url}/hlsjs.html?src=${encodeURIComponent(`${m.http}/live/demo/index.m3u8`)}`);
  await playing(page);

  await publisher.kill();
  await until('the room waits', async () => (await m.api('GET', '/rooms/demo')).body.waiting);
  const cue = await m.api('POST', '/rooms/demo/cues', { kind: 'custom', data: { while: 'away' } });
  assert.equal(cue.status, 201);
  await sleep(1.5);
  publisher = ends(push(file, `${m.rtmp}/${m.key}`)); // timestamps from 0 again
  const text = await until('the DISCONTINUITY', async () => {
    const t = await get(url);
    return discontinuities(t) ? t : null;
  });
  assert.equal(discontinuities(text), 1);
  assert.doesNotMatch(text, /ENDLIST/);
  assert.equal(await m.mediaPlaylist(), url);
  await until('the cue of the pause arrives', () => page.evaluate((seq) =>
    window.seen.metadata.some((s) => s.cue?.seq === seq && s.cue.kind === 'custom'), cue.body.seq), 20000);
  const mark = await page.evaluate(() => window.seen.positions.length);
  await sleep(5);
  const seen = await page.evaluate(() => window.seen);
  assert.ok(longestStall(seen.positions.slice(mark)) < 1.5);
  assert.ok(!seen.errors.some((e) => e.fatal), JSON.stringify(seen.errors));
});

test('a second publisher takes over', async () => {
  const url = await m.mediaPlaylist();
  const before = discontinuities(await get(url));
  const second = ends(push(await clip({ seconds: 60, fps: 25, gop: 2, size: '480x270' }), `${m.rtmp}/${m.key}`));
  await publisher.exited;
  publisher = second;
  await until('another DISCONTINUITY', async () => discontinuities(await get(url)) === before + 1);
  await says(() => get(`${m.http}/live/demo/index.m3u8`), /RESOLUTION=480x270/);
});

test('a publisher that stays away too long loses its broadcast', async () => {
  const url = await m.mediaPlaylist();
  const epoch = url.split('/').at(-3);
  await publisher.kill();
  await until('the end', async () => /#EXT-X-ENDLIST/.test(await get(url)), 15000);
  await m.offAir();
  publisher = ends(push(await clip({ seconds: 60, fps: 30, gop: 2 }), `${m.rtmp}/${m.key}`));
  const next = await m.mediaPlaylist();
  assert.notEqual(next.split('/').at(-3), epoch);
  const sequence = (t) => number(t, 'MEDIA-SEQUENCE');
  assert.ok(sequence(await get(next)) > sequence(await get(url)), 'the numbers of a room go on over its broadcasts');
});

test('the host ends the show', async () => {
  const url = await m.mediaPlaylist();
  const end = await m.api('POST', '/rooms/demo/end');
  assert.ok(end.status < 300, JSON.stringify(end));
  assert.match(await get(url), /#EXT-X-ENDLIST/);
  assert.equal((await fetch(`${m.http}/live/demo/index.m3u8`)).status, 404);
  await publisher.exited;
});

test('a publisher that comes back too soon after the end is told how long to wait, and then begins the next broadcast', async () => {
  const file = await clip({ seconds: 60, fps: 30, gop: 2 });
  const ended = Date.now();
  let refused = 0;
  // A person who tries again and again: that lengthens nothing.
  await until('a broadcast', async () => {
    publisher = ends(push(file, `${m.rtmp}/${m.key}`));
    const live = until('it is live', async () => (await fetch(`${m.http}/live/demo/index.m3u8`)).ok, 5000).then(() => true, () => false);
    if (await Promise.race([live, publisher.exited.then(() => false)])) return true;
    refused++;
    return false;
  }, 30000, 900);
  assert.ok(refused >= 2, 'it was refused at first');
  assert.ok(Date.now() - ended < 20000, `${Date.now() - ended} ms after the end`);
  assert.match(m.log, /the host has ended the show; stop streaming, and start again in \d+s/);
});
