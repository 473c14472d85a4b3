// What docs/limits.md says of video.js and low-latency parts, with media that mediad did not make.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { launch } from './lib/browser.mjs';
import { ends } from './lib/ending.mjs';
import { serveForeign } from './lib/foreign.mjs';
import { sleep } from './lib/mediad.mjs';
import { servePages } from './lib/pages.mjs';
import { clip } from './lib/publisher.mjs';
import { longestPicture, longestStall, notePictures, playing } from './lib/watching.mjs';

let pages, browser;
before(async () => {
  pages = ends(await servePages());
  browser = ends(await launch());
});

/** The longest time for which one picture stands, in ten seconds. */
async function stands(t, how, gop) {
  const stream = await serveForeign(await clip({ gop }), gop);
  const page = await browser.newPage();
  try {
    await page.goto(`${pages.url}/${how}src=${encodeURIComponent(stream.url)}`);
    await playing(page);
    await notePictures(page);
    await sleep(10);
    const { shown, positions } = await page.evaluate(() => ({ shown: window.shown, positions: window.seen.positions }));
    t.diagnostic(`${shown.length} pictures in 10 s, one of them stood for ${longestPicture(shown).toFixed(2)} s; playback stood still for ${longestStall(positions).toFixed(2)} s`);
    return longestPicture(shown);
  } finally {
    await page.close();
    await stream.close();
  }
}

for (const [name, how, gop] of [
  ['hls.js shows the same media whole', 'hlsjs.html?', 2],
  ['video.js plays on where every second part begins with a key frame', 'videojs.html?', 1],
  ['video.js shows all pictures of whole segments', 'videojs.html?segments&', 2],
]) {
  test(name, async (t) => {
    const longest = await stands(t, how, gop);
    assert.ok(longest < 0.9, `one picture stood for ${longest} s`);
  });
}

// Where this fails, video.js has mended it: take the paragraph out of docs/limits.md, and `segments` out of the other tests.
test('video.js loses most pictures where every fourth part begins with a key frame', async (t) => {
  const longest = await stands(t, 'videojs.html?', 2);
  assert.ok(longest > 0.9, `no picture stood for longer than ${longest} s`);
});
