// Pictures that pause, or come once a second, while sound goes on, and a network that stands still: players play on.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { launch } from './lib/browser.mjs';
import { ends } from './lib/ending.mjs';
import { Mediad, sleep, until } from './lib/mediad.mjs';
import { servePages } from './lib/pages.mjs';
import { clip, push } from './lib/publisher.mjs';
import { longestPicture, longestStall, notePictures, playing } from './lib/watching.mjs';
import { wire } from './lib/wire.mjs';

let pages, browser, context;
before(async () => {
  pages = ends(await servePages());
  browser = ends(await launch());
  context = await browser.newContext();
});

/** A film out of which the pictures of some times are left, with a key frame every two seconds. */
async function without(name, fps, times) {
  const file = join(dirname(await clip({ fps: 1, gop: 2 })), `${name}-v1.flv`);
  if (existsSync(file)) return file;
  const part = `${file}.${process.pid}.part`;
  await promisify(execFile)('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', `testsrc2=size=640x360:rate=${fps}`,
    '-f', 'lavfi', '-i', 'sine=frequency=330:sample_rate=48000', '-vf', `select='not(${times})'`,
    '-fps_mode', 'vfr', '-c:v', 'libx264', '-preset', 'veryfast', '-profile:v', 'high', '-bf', '0', '-pix_fmt', 'yuv420p', '-g', '1000',
    '-sc_threshold', '0', '-force_key_frames', 'expr:gte(t,n_forced*2)', '-c:a', 'aac', '-b:a', '64k', '-t', '64', '-f', 'flv', part]);
  await rename(part, file);
  return file;
}

// video.js takes whole segments here, as docs/limits.md asks for: it loses pictures of parts in any stream.
const watched = ['hlsjs.html?', 'videojs.html?segments&', 'shaka.html?'];

const watch = async (m, how) => {
  const page = await context.newPage();
  await page.goto(`${pages.url}/${how}src=${encodeURIComponent(`${m.http}/live/demo/index.m3u8`)}`);
  await playing(page);
  await notePictures(page);
  return page;
};

for (const [name, film] of [
  ['one picture a second', () => clip({ fps: 1, gop: 2 })],
  ['a shared screen: nothing moves for up to three seconds, out of eight', () => without('screen', 15, 'between(mod(t,8),2.5,5.4)+between(mod(t,8),6.5,7.2)')],
  ['two pictures missing around the end of each part', () => without('ends', 30, 'between(mod(t,0.5),0.42,0.49)')],
]) {
  test(name, { concurrency: true }, async (t) => {
    const m = await Mediad.start();
    const publisher = push(await film(), `${m.rtmp}/${m.key}`, { args: ['-max_interleave_delta', '50000'] }); // or ffmpeg holds sound back until a picture comes
    try {
      await m.mediaPlaylist();
      await Promise.all(watched.map((how) => t.test(how, async () => {
        const page = await watch(m, how);
        await sleep(15);
        const { seen, shown } = await page.evaluate(() => ({ seen: window.seen, shown: window.shown }));
        await page.close();
        const played = seen.positions.at(-1).at - seen.positions.find((p) => p.at > 0.5).at;
        assert.deepEqual(seen.errors, []);
        assert.ok(played > 13, `played ${played} s in 15`);
        assert.ok(longestStall(seen.positions) < 2, `stood still for ${longestStall(seen.positions)} s`);
        // Parts repeat the picture, so that a player which shows none for longer has lost some.
        assert.ok(longestPicture(shown) < 1.5, `one picture stood for ${longestPicture(shown)} s`);
      })));
    } finally {
      await publisher.stop();
      await m.stop();
    }
  });
}

// A network that stands still for five seconds, and then brings at once all that was said meanwhile. Without key frames
// hls.js alone plays on (docs/limits.md).
for (const [name, gop, players] of [['key frames', 2, watched], ['no key frame but the first', 600, watched.slice(0, 1)]]) {
  test(`a silent network, ${name}`, async () => {
    const m = await Mediad.start();
    const cut = await wire(m.rtmpPort);
    const publisher = push(await clip({ gop, seconds: 120 }), `${cut.url}/${m.key}`);
    try {
      await until('there is something to see', async () => (await fetch(`${m.http}/live/demo/index.m3u8`)).ok, 30000);
      const viewers = [];
      for (const how of players) viewers.push([how, await watch(m, how)]);
      await sleep(3);
      cut.freeze();
      await sleep(5);
      cut.thaw();
      await sleep(12);
      for (const [how, page] of viewers) {
        const seen = await page.evaluate(() => window.seen);
        await page.close();
        const end = seen.positions.at(-1);
        const before = seen.positions.find((p) => end.wall - p.wall < 4000);
        assert.deepEqual(seen.errors.filter((e) => typeof e === 'string' || e.fatal), [], how);
        assert.ok(end.at - before.at > 3, `${how} played ${end.at - before.at} s of the last four`);
        assert.ok(longestStall(seen.positions) < 3, `${how} stood still for ${longestStall(seen.positions)} s`);
      }
    } finally {
      await publisher.stop();
      cut.close();
      await m.stop();
    }
  });
}
