// Streams that change: in one connection, and over a reconnect; and what the replay shows of an outage.
import { afterEach, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { launch } from './lib/browser.mjs';
import { ends } from './lib/ending.mjs';
import { Mediad, sleep, until } from './lib/mediad.mjs';
import { servePages } from './lib/pages.mjs';
import { count, get, lengthOf } from './lib/playlist.mjs';
import { clip, joined, push } from './lib/publisher.mjs';
import { longestStall, playing, stalls } from './lib/watching.mjs';

let m, pages, browser, publisher;
before(async () => {
  m = ends(await Mediad.start({ config: { hls: { reconnect: '40s', window: '120s' } } }));
  pages = ends(await servePages());
  browser = ends(await launch());
});

const breaks = (text) => count(text, 'DISCONTINUITY');
const live = () => `${m.http}/live/demo/index.m3u8`;
const publish = (file) => ends(push(file, `${m.rtmp}/${m.key}`));

async function watch(src = live(), player = 'hlsjs') {
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${pages.url}/${player}.html?src=${encodeURIComponent(src)}`);
  await playing(page);
  return page;
}

/** A wish and what the page shows instead. */
const instead = (wish, page) => async () => `${wish}\n${JSON.stringify(await page.evaluate(() => {
  const v = document.querySelector('video');
  const buffered = Array.from({ length: v.buffered.length }, (_, i) => [v.buffered.start(i), v.buffered.end(i)]);
  return { width: v.videoWidth, at: v.currentTime, rate: v.playbackRate, paused: v.paused, ready: v.readyState, buffered, stats: window.player?.getStats?.(), range: window.player?.seekRange?.(), errors: window.seen.errors };
}))}\n${stalls(await page.evaluate(() => window.seen.positions))}`;

const widthOf = (page) => page.evaluate(() => document.querySelector('video').videoWidth);

/** Plays for some seconds more without a stall that a person would mind, and without a fatal error. */
async function playsOn(page, seconds = 5) {
  const mark = await page.evaluate(() => window.seen.positions.length);
  await sleep(seconds);
  const seen = await page.evaluate(() => window.seen);
  assert.ok(longestStall(seen.positions.slice(mark)) < 1.5, stalls(seen.positions.slice(mark)));
  assert.ok(!seen.errors.some((e) => typeof e === 'string' || e.fatal), JSON.stringify(seen.errors));
}

/** Sound is decoded, silence filler too. */
async function hears(page) {
  const decoded = () => page.evaluate(() => document.getElementById('v').webkitAudioDecodedByteCount);
  const before = await decoded();
  await until('sound is decoded', async () => (await decoded()) > before);
}

/** Waits until the picture comes from behind the present edge of the playlist. */
async function passesEdge(page) {
  const edge = await page.evaluate(() => window.hls.latestLevelDetails?.edge ?? 0);
  await until(instead('the picture from behind the edge', page), () => page.evaluate((e) => document.getElementById('v').currentTime > e, edge), 30000);
}

// Ends the broadcast, so that the next test begins its own.
afterEach(off);
async function off() {
  await publisher.stop();
  await until('the end', async () => !(await m.api('GET', '/rooms/demo')).body.live);
  await m.offAir();
}

test('the replay leaves an outage out, and a cue from the outage stands where the media goes on', async () => {
  const file = await clip(both);
  publisher = publish(file);
  const url = await m.mediaPlaylist();
  const epoch = url.split('/').at(-3);
  await sleep(6);
  await publisher.kill();
  const gone = Date.now();
  await sleep(5);
  const cue = await m.api('POST', '/rooms/demo/cues', { kind: 'custom', data: { while: 'away' } });
  assert.ok(cue.body.landed, JSON.stringify(cue));
  await sleep(6);
  publisher = publish(file);
  await until('the return', async () => breaks(await get(url)) === 1);
  const away = (Date.now() - gone) / 1000; // some eleven
  await sleep(6);
  const { body: room } = await m.api('GET', '/rooms/demo');
  await off();

  const stored = join(m.dir, 'data/objects/live/demo');
  const vod = await until('the replay', () => readFile(join(stored, epoch, 'vod.m3u8'), 'utf8').catch(() => null));
  const plain = await readFile(join(stored, 'index.m3u8'), 'utf8');
  const cut = lengthOf(plain) - lengthOf(vod);
  assert.ok(Math.abs(cut - away) < 3, `${cut} s are left out, of an outage of ${away}`);
  assert.equal(breaks(vod), 1);
  const kept = (await readdir(join(stored, epoch, 'main'))).filter((f) => f.endsWith('.ts'));
  assert.equal(kept.length, plain.match(/#EXTINF/g).length, 'the segments themselves are stored');

  // The cue is dated where the picture goes on, and there the state says what holds.
  const lines = vod.split('\n');
  const back = /PROGRAM-DATE-TIME:(.*)/.exec(lines.slice(lines.indexOf('#EXT-X-DISCONTINUITY')).join('\n'))[1];
  const range = lines.find((l) => l.startsWith('#EXT-X-DATERANGE') && l.includes(`X-MEDIAD-SEQ="${cue.body.seq}"`));
  assert.ok(range, vod);
  assert.equal(Date.parse(/START-DATE="([^"]+)"/.exec(range)[1]), Date.parse(back));
  assert.ok(Date.parse(back) > Date.parse(cue.body.landed.date));

  const page = await watch(`${m.http}/vod/${room.show.id}/index.m3u8`);
  const at = await page.evaluate(() => {
    const d = window.hls.latestLevelDetails;
    const frag = d.fragments.find((f, i) => i > 0 && f.cc > d.fragments[i - 1].cc);
    return { join: frag.start, total: d.totalduration, ranges: Object.fromEntries(Object.values(d.dateRanges).map((r) => [r.attr['X-MEDIAD-SEQ'], r.startTime])) };
  });
  assert.ok(Math.abs(at.ranges[cue.body.seq] - at.join) < 0.1, JSON.stringify(at));
  assert.ok(Math.abs(at.total - lengthOf(vod)) < 1, JSON.stringify(at));
  await page.evaluate((t) => { document.getElementById('v').currentTime = t; }, at.join - 2);
  await until('the picture behind the join', () => page.evaluate((t) => document.getElementById('v').currentTime > t + 1, at.join));
  await playsOn(page, 2);
  const after = await page.evaluate(() => window.seen.metadata.filter((s) => s.cue?.kind === 'state').map((s) => ({ pts: s.pts, seq: s.cue.seq })));
  assert.ok(after.some((s) => s.seq >= cue.body.seq && Math.abs(s.pts - at.join) < 0.5), JSON.stringify({ after, at }));
  await page.context().close();
});

test('another size and frame rate in one connection make one DISCONTINUITY, the same URL, and hls.js plays on', async () => {
  publisher = publish(await joined('sizes', await clip({ seconds: 20, fps: 30, gop: 2 }), await clip({ seconds: 60, fps: 25, gop: 2, size: '480x270' })));
  const url = await m.mediaPlaylist();
  assert.match(await get(live()), /RESOLUTION=640x360/);
  const page = await watch();
  assert.equal(await widthOf(page), 640);
  const { body: before } = await m.api('GET', '/rooms/demo');
  await until('the new size', async () => /RESOLUTION=480x270/.test(await get(live())), 30000);
  await until(instead('the new size on the screen', page), async () => (await widthOf(page)) === 480, 15000);
  await playsOn(page);
  assert.equal(await m.mediaPlaylist(), url);
  assert.equal(breaks(await get(url)), 1);
  assert.doesNotMatch(await get(url), /ENDLIST/);
  const { body: room } = await m.api('GET', '/rooms/demo');
  assert.equal(room.ingest.since, before.ingest.since, 'it was not one connection');
  assert.equal(room.ingest.width, 480);
  assert.ok(room.ingest.changes >= 1, JSON.stringify(room.ingest));
  await until('the new frame rate', async () => Math.abs((await m.api('GET', '/rooms/demo')).body.ingest.fps - 25) < 1);
  await page.context().close();
});

const both = { seconds: 60, fps: 30, gop: 2 };
for (const [name, first, then] of [
  ['another frame rate', both, { ...both, fps: 25 }],
  ['a frame rate that does not fit the parts', both, { ...both, fps: '24000/1001' }],
]) {
  test(`a publisher that comes back with ${name} makes one DISCONTINUITY, and hls.js plays on`, async () => {
    publisher = publish(await clip(first));
    const url = await m.mediaPlaylist();
    const page = await watch();
    await publisher.kill();
    await sleep(3);
    publisher = publish(await clip(then));
    await until('the DISCONTINUITY', async () => breaks(await get(url)) === 1);
    await passesEdge(page);
    await playsOn(page);
    assert.equal(await m.mediaPlaylist(), url);
    await page.context().close();
  });
}

for (const player of ['hlsjs', 'videojs', 'shaka']) {
  test(`a publisher that comes back with another size, frame rate and sound, and then without sound, makes one DISCONTINUITY each time, and ${player} plays on`, async () => {
    publisher = publish(await clip(both));
    const url = await m.mediaPlaylist();
    const page = await watch(live(), player);
    let loads = 0;
    page.on('load', () => loads++);
    for (const [i, [width, other]] of [
      [480, { fps: 25, size: '480x270', hertz: 44100, channels: 2 }],
      [640, { audio: false }],
    ].entries()) {
      await publisher.kill();
      await sleep(3);
      publisher = publish(await clip({ ...both, ...other }));
      await until('the DISCONTINUITY', async () => breaks(await get(url)) === i + 1);
      await until(instead('the new size on the screen', page), async () => (await widthOf(page)) === width, 30000);
      await playsOn(page);
      assert.equal(breaks(await get(url)), i + 1);
    }
    assert.equal(await m.mediaPlaylist(), url);
    assert.equal(loads, 0, 'the page was loaded again');
    await page.context().close();
  });
}

// The track set of a broadcast never changes: a publisher without sound gets silence filler, since Media Source
// Extensions can neither add a buffer nor drop one during playback.
for (const [name, first, then] of [
  ['no sound any more', both, { ...both, audio: false }],
  ['sound that was not there before', { ...both, audio: false }, both],
]) {
  test(`a publisher that comes back with ${name} makes one DISCONTINUITY, and hls.js plays on`, async () => {
    publisher = publish(await clip(first));
    const url = await m.mediaPlaylist();
    const page = await watch();
    await publisher.kill();
    await sleep(3);
    publisher = publish(await clip(then));
    await until('the DISCONTINUITY', async () => breaks(await get(url)) === 1);
    assert.match(await get(live()), /mp4a/);
    await until('the room says what it hears', async () => Boolean((await m.api('GET', '/rooms/demo')).body.ingest?.audio) === (then.audio !== false));
    await passesEdge(page);
    await playsOn(page);
    await hears(page);
    assert.equal(await m.mediaPlaylist(), url);
    await page.context().close();
  });
}

test('sound ends in one connection, and hls.js plays on', async () => {
  publisher = publish(await joined('sound-ends', await clip({ ...both, seconds: 12 }), await clip({ ...both, audio: false })));
  const url = await m.mediaPlaylist();
  const page = await watch();
  // ffmpeg waits ten seconds for the sound that does not come, and sends what it held back.
  await until('no sound is said', async () => (await m.api('GET', '/rooms/demo')).body.warning_details?.some((w) => w.code === 'no_audio'), 60000);
  await passesEdge(page); // what came with sound has been played by now
  await playsOn(page, 6);
  await hears(page);
  assert.equal(await m.mediaPlaylist(), url);
  await page.context().close();
});
