// The same URL in the other players, and under the eyes of playlist parsers.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { launch } from './lib/browser.mjs';
import { ends } from './lib/ending.mjs';
import { Mediad, sleep, until } from './lib/mediad.mjs';
import { servePages } from './lib/pages.mjs';
import { parsed } from './lib/parsers.mjs';
import { clip, push } from './lib/publisher.mjs';
import { longestHole, longestPicture, longestStall, notePictures, playing, shareOfStanding } from './lib/watching.mjs';

let m, pages, browser, context;
before(async () => {
  m = ends(await Mediad.start({ config: { rooms: [{ slug: 'demo', stream_key: 'e2e-stream-key-0123456789' }, { slug: 'second', stream_key: 'e2e-key-of-a-second-room' }] } }));
  pages = ends(await servePages());
  browser = ends(await launch());
  context = await browser.newContext();
  ends(push(await clip({ seconds: 60, fps: 30, gop: 2 }), `${m.rtmp}/${m.key}`));
  ends(push(await clip({ seconds: 60, fps: 30, gop: 1 }), `${m.rtmp}/e2e-key-of-a-second-room`));
  await m.mediaPlaylist();
  await m.mediaPlaylist('second');
});

// video.js plays on with parts where every second one begins with a key frame, or with whole segments: docs/limits.md.
for (const [player, room, query] of [['videojs', 'second', ''], ['videojs', 'demo', 'segments&'], ['shaka', 'demo', '']]) {
  test(`${player} plays and reports the ID3, ${query}room ${room}`, async () => {
    const page = await context.newPage();
    await page.goto(`${pages.url}/${player}.html?${query}src=${encodeURIComponent(`${m.http}/live/${room}/index.m3u8`)}`);
    await playing(page);
    await notePictures(page);
    const cue = await m.api('POST', `/rooms/${room}/cues`, { kind: 'custom', data: { for: player } });
    assert.equal(cue.status, 201);
    await until('the event reaches the page', () => page.evaluate((seq) =>
      window.seen.cues.some((c) => c.cue.seq === seq && c.cue.kind === 'custom'), cue.body.seq), 20000);
    await sleep(6);
    const { seen, shown, held } = await page.evaluate(() => ({ seen: window.seen, shown: window.shown, held: window.held }));
    assert.deepEqual(seen.errors, []);
    assert.ok(seen.cues.some((c) => c.cue.kind === 'state'), 'no state came');
    assert.ok(longestStall(seen.positions) < 2, `stood still for ${longestStall(seen.positions)} s`);
    assert.ok(longestHole(held) < 0.1, `a hole of ${longestHole(held)} s`);
    // Of parts video.js shows every second picture for half a second on any machine (foreign.test.mjs).
    if (room === 'second') assert.ok(shareOfStanding(shown, 0.9) < 0.2, `pictures stood for ${shareOfStanding(shown, 0.9)} of the time`);
    else assert.ok(longestPicture(shown) < 0.9, `one picture stood for ${longestPicture(shown)} s`);
    await page.close();
  });
}

test('playlist parsers have nothing to say', async () => {
  const url = await m.mediaPlaylist();
  const multivariant = await (await fetch(`${m.http}/live/demo/index.m3u8`)).text();
  assert.equal(parsed(multivariant).isMasterPlaylist, true);
  for (let i = 0; i < 12; i++) {
    const text = await (await fetch(url)).text();
    assert.ok(parsed(text).segments.length >= 1);
    await sleep(0.4);
  }
});
