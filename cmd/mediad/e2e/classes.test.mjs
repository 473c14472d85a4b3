// A room's latency class: what its playlist says, how far behind live players
// play, and when a change takes effect.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { launch } from './lib/browser.mjs';
import { ends } from './lib/ending.mjs';
import { Mediad, sleep, until } from './lib/mediad.mjs';
import { servePages } from './lib/pages.mjs';
import { parsed } from './lib/parsers.mjs';
import { clip, push } from './lib/publisher.mjs';
import { longestStall, playing } from './lib/watching.mjs';

const classes = {
  // The settings are those of <mediad-player> (overlay/web/src/player/source-hls.ts).
  low: { tags: [/PART-TARGET=0\.5/, /PART-HOLD-BACK=1\.6/], target: 1.616, config: { maxLiveSyncPlaybackRate: 1.2, liveSyncOnStallIncrease: 0.25 } },
  balanced: { tags: [/PART-TARGET=1\.0/, /PART-HOLD-BACK=3\.2/], target: 3.216, config: { maxLiveSyncPlaybackRate: 1.1, liveSyncOnStallIncrease: 0.5 } },
  mass: { tags: [/CAN-BLOCK-RELOAD=YES,HOLD-BACK=6\.000/], target: 6, config: { lowLatencyMode: false, maxLiveSyncPlaybackRate: 1.05, liveSyncOnStallIncrease: 1 } },
};

let m, pages, browser, file;
before(async () => {
  m = ends(await Mediad.start({
    config: {
      rooms: Object.keys(classes).map((latency) => ({ slug: latency, stream_key: `a-key-for-class-${latency}`, latency })).concat({ slug: 'demo', stream_key: 'e2e-stream-key-0123456789' }),
    },
  }));
  pages = ends(await servePages());
  browser = ends(await launch());
  file = await clip({ seconds: 60, fps: 30, gop: 2 });
  for (const latency of Object.keys(classes)) ends(push(file, `${m.rtmp}/a-key-for-class-${latency}`));
});

const median = (list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)];

test('each class in hls.js', { concurrency: true }, (t) => Promise.all(Object.entries(classes).map(([latency, want]) => t.test(latency, async (t) => {
  const text = await (await fetch(await m.mediaPlaylist(latency))).text();
  for (const tag of want.tags) assert.match(text, tag);
  assert.equal(/#EXT-X-PART|PRELOAD-HINT/.test(text), latency !== 'mass', text);
  parsed(text);
  assert.equal((await (await fetch(`${m.http}/c/room/${latency}.json`)).json()).latency, latency);
  assert.equal((await m.api('GET', `/rooms/${latency}`)).body.live_latency, latency);

  const page = await browser.newPage();
  const asked = [];
  page.on('request', (r) => r.url().includes('/main/index.m3u8') && asked.push(new URL(r.url()).search));
  await page.goto(`${pages.url}/hlsjs.html?config=${encodeURIComponent(JSON.stringify(want.config))}&src=${encodeURIComponent(`${m.http}/live/${latency}/index.m3u8`)}`);
  await playing(page);
  await sleep(20);
  const seen = await page.evaluate(() => ({ ...window.seen, target: window.hls.targetLatency }));
  await page.close();
  assert.deepEqual(seen.errors.filter((e) => e.fatal), []);
  const settled = seen.positions.slice(-100);
  const behind = median(settled.map((p) => p.latency));
  const date = median(settled.map((p) => (p.now - p.date) / 1000));
  t.diagnostic(`${latency}: hls.latency ${behind.toFixed(2)} s, clock less programme date-time ${date.toFixed(2)} s, target ${seen.target.toFixed(2)} s, ` +
    `longest stall ${longestStall(seen.positions).toFixed(2)} s, ${(asked.length / ((seen.positions.at(-1).wall - seen.positions[0].wall) / 1000)).toFixed(2)} playlists a second`);
  // A stall may have moved the target (liveSyncOnStallIncrease), never below what the playlist says.
  assert.ok(seen.target > want.target - 0.1, `target ${seen.target}`);
  assert.ok(asked.filter((q) => q.includes('_HLS_msn=')).length > 5, `hls.js waits for playlists: ${asked}`);
  assert.equal(asked.some((q) => q.includes('_HLS_part=')), latency !== 'mass');
}))));

test('a change of the latency class holds from the next broadcast on', async () => {
  let publisher = ends(push(file, `${m.rtmp}/${m.key}`));
  await m.mediaPlaylist();
  assert.equal((await m.api('PATCH', '/rooms/demo', { latency: 'mass' })).status, 200);
  let room = (await m.api('GET', '/rooms/demo')).body;
  assert.deepEqual([room.latency, room.live_latency], ['mass', 'low']);
  // A lost publisher and a restart of the server change nothing.
  await publisher.kill();
  await m.signal('SIGTERM');
  await m.launch();
  publisher = ends(push(file, `${m.rtmp}/${m.key}`));
  const text = await (await fetch(await until('it goes on', () => m.mediaPlaylist()))).text();
  assert.match(text, /PART-TARGET=0\.5/);
  assert.equal((await m.api('GET', '/rooms/demo')).body.live_latency, 'low');
  await publisher.stop();
  await until('it has ended', async () => !(await m.api('GET', '/rooms/demo')).body.live);
  await m.offAir();
  publisher = ends(push(file, `${m.rtmp}/${m.key}`));
  const next = await (await fetch(await m.mediaPlaylist())).text();
  assert.doesNotMatch(next, /PART/);
  assert.equal((await m.api('GET', '/rooms/demo')).body.live_latency, 'mass');
  await publisher.stop();
});

test('a long playlist is updated by delta updates', async (t) => {
  const long = await Mediad.start({ config: { hls: { window: '10m' } } });
  const publisher = push(file, `${long.rtmp}/${long.key}`);
  try {
    const url = await long.mediaPlaylist();
    assert.match(await (await fetch(url)).text(), /CAN-SKIP-UNTIL=12\.000,CAN-SKIP-DATERANGES=YES/);
    await until('there is something to skip', async () => /EXT-X-SKIP/.test(await (await fetch(`${url}?_HLS_skip=YES`)).text()), 30000, 500);
    const src = encodeURIComponent(`${long.http}/live/demo/index.m3u8`);
    await Promise.all(['hlsjs', 'videojs', 'shaka'].map(async (player) => {
      const page = await browser.newPage();
      const deltas = [];
      page.on('response', async (r) => {
        if (r.url().includes('_HLS_skip')) deltas.push([r.status(), await r.text().catch(() => '')]);
      });
      await page.goto(`${pages.url}/${player}.html?src=${src}`);
      await playing(page);
      const cue = await long.api('POST', '/rooms/demo/cues', { kind: 'custom', data: { for: player } });
      assert.equal(cue.status, 201);
      await sleep(10);
      const seen = await page.evaluate(() => window.seen);
      assert.deepEqual(seen.errors.filter((e) => e.fatal ?? true), [], player);
      assert.ok(longestStall(seen.positions) < 3, `${player} stood still for ${longestStall(seen.positions)} s`);
      t.diagnostic(`${player}: ${deltas.length} updates, ${deltas.filter(([, text]) => text.includes('#EXT-X-SKIP:')).length} of them deltas`);
      if (player === 'hlsjs') {
        const skipped = () => deltas.filter(([status, text]) => status === 200 && /#EXT-X-SKIP:SKIPPED-SEGMENTS=\d+,RECENTLY-REMOVED-DATERANGES=""/.test(text)).length;
        await until(() => `nine deltas, of which there are ${skipped()}`, () => skipped() > 8);
        const { skipped: merged, ranges, fragments } = await page.evaluate(() => {
          const d = window.hls.latestLevelDetails;
          return { skipped: d.deltaUpdateFailed ?? false, ranges: Object.keys(d.dateRanges).length, fragments: d.fragments.length };
        });
        assert.equal(merged, false);
        assert.ok(ranges >= 2, `${ranges} date ranges`); // show.start, skipped in every update, and the cue
        assert.ok(fragments > 10, `${fragments} fragments`);
      }
      await page.close();
    }));
    for (const word of ['YES', 'v2']) {
      const text = await (await fetch(`${url}?_HLS_skip=${word}`)).text();
      assert.match(text, /#EXT-X-SKIP/);
      parsed(text);
    }
  } finally {
    await publisher.stop();
    await long.stop();
  }
});
