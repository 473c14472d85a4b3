// Rewinding a live show: the bar leads to the rewind playlist, the cards are those of that moment, and a button leads
// back to live.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { launch } from './lib/browser.mjs';
import { ends } from './lib/ending.mjs';
import { Mediad, sleep, until } from './lib/mediad.mjs';
import { get, number, uris } from './lib/playlist.mjs';
import { clip, push } from './lib/publisher.mjs';
import { card, inPlayer, instead, listen, playing } from './lib/watching.mjs';

const past = 70; // seconds of show before anybody goes back

let m, browser, publisher;
before(async () => {
  m = ends(await Mediad.start({ config: { hls: { part: '200ms', segment: '1s', window: '6s', dvr: '10m' } } }));
  browser = ends(await launch());
});

const bar = (page) => inPlayer(page, (_, root) => {
  const s = root.querySelector('input.seek');
  return s && { at: Number(s.value), max: Number(s.max), text: s.getAttribute('aria-valuetext') };
});

/** Waits until the bar reaches back to where the show began. */
const longBar = (page) => until(instead('a bar of the whole show', page), async () => { const b = await bar(page); return b?.max > past - 15 && b; }, 25000);

const boxOf = (page) => inPlayer(page, (_, root) => {
  const b = root.querySelector('input.seek').getBoundingClientRect();
  return { x: b.x, y: b.y, width: b.width, height: b.height };
});

test('a viewer goes a minute back, and to live again', async () => {
  const made = async (sku, title) => (await m.api('POST', '/products', { sku, title, price: 100, currency: 'EUR' })).body.id;
  const [corn, honey] = [await made('CORN', 'Corn'), await made('HONEY', 'Honey')];
  publisher = ends(push(await clip({ seconds: 60, fps: 30, gop: 1 }), `${m.rtmp}/${m.key}`));
  await m.mediaPlaylist();
  const began = Date.now();
  // The answer waits for the picture for a short time only: a busy machine may take longer.
  const pin = async (product) => {
    const { body } = await m.api('POST', '/rooms/demo/pins', { product });
    await until(`${JSON.stringify(body)} is in the picture`, async () => (await m.api('GET', `/rooms/demo/cues/${body.id}`)).body.landed);
  };
  await pin(corn);
  await sleep(12);
  assert.equal((await m.api('DELETE', `/rooms/demo/pins/${corn}`)).status < 300, true);
  await pin(honey);

  const context = await browser.newContext({ viewport: { width: 1000, height: 700 } });
  await listen(context);
  const page = await context.newPage();
  const asked = [];
  page.on('request', (r) => asked.push(r.url()));
  await page.goto(`${m.http}/watch/demo`);
  await playing(page);
  await until(instead('the card of now', page), async () => (await card(page))?.id === honey, 25000);
  await sleep(Math.max(0, past - (Date.now() - began) / 1000));
  assert.ok(!asked.some((u) => u.includes('dvr')), 'the rewind was asked for before anybody went back');

  // The list itself: longer than the window, and all of it is there.
  const master = await (await fetch(`${m.http}/live/demo/dvr/index.m3u8`)).text();
  assert.match(master, /CODECS=/);
  const list = new URL(master.split('\n').find((l) => l.startsWith('../')), `${m.http}/live/demo/dvr/`);
  const text = await (await fetch(list)).text();
  assert.ok(text.match(/#EXTINF/g).length > past - 15, text);
  assert.doesNotMatch(text, /EXT-X-PART|EXT-X-GAP|ENDLIST/);
  for (const uri of uris(text)) {
    assert.equal((await fetch(new URL(uri, list), { method: 'HEAD' })).status, 200, uri);
  }

  // With the mouse, to a moment at which the other product was up.
  await page.mouse.move(400, 300);
  const before = await longBar(page);
  const box = await boxOf(page);
  const at = box.x + 8 + (box.width - 16) * (5 / before.max);
  await page.mouse.click(at, box.y + 14);
  await until(instead('the card of that moment', page), async () => (await card(page))?.id === corn, 40000);
  assert.ok(asked.some((u) => u.endsWith('/dvr.m3u8')), asked.slice(-10).join('\n'));
  const back = await bar(page);
  assert.ok(back.max - back.at > 60, `${back.max - back.at} s behind live`);
  // It plays on from there, and nothing says that the show is interrupted.
  const place = () => inPlayer(page, (_, root) => root.querySelector('video').currentTime);
  const was = await place();
  await until(instead('it plays', page), async () => (await place()) > was + 2, 25000);
  await until(instead('it is live', page), () => inPlayer(page, (el) => el.dataset.state === 'live'), 5000);

  // By keyboard, within the rewind.
  const here = (await bar(page)).at;
  await inPlayer(page, (_, root) => root.querySelector('input.seek').focus());
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await until(instead('ten seconds on', page), async () => (await bar(page)).at > here + 9, 10000);

  // And live again.
  await page.mouse.move(420, 310);
  await inPlayer(page, (_, root) => root.querySelector('.go-live').click());
  await until(instead('the card of now', page), async () => (await card(page))?.id === honey, 40000);
  await until(instead('it is live', page), async () => {
    const latency = await inPlayer(page, (el) => Number(el.dataset.latency));
    return latency > 0 && latency < 6;
  }, 20000);
  assert.deepEqual((await page.evaluate(() => window.seen.errors)), []);
  await context.close();
});

test('a phone goes back, and after a restart of the server the list reaches behind it', async () => {
  const master = await (await fetch(`${m.http}/live/demo/dvr/index.m3u8`)).text();
  const list = new URL(master.split('\n').find((l) => l.startsWith('../')), `${m.http}/live/demo/dvr/`);
  const first = async () => number(await get(list), 'MEDIA-SEQUENCE');
  const before = await first();
  await m.signal('SIGKILL');
  await publisher.exited;
  await m.launch();
  publisher = ends(push(await clip({ seconds: 60, fps: 30, gop: 1 }), `${m.rtmp}/${m.key}`));
  await m.mediaPlaylist();
  assert.ok((await first()) >= before, 'the media sequence went back');
  const text = await (await fetch(list)).text();
  assert.ok(text.match(/#EXTINF/g).length > past - 15, text);

  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  await listen(context);
  const page = await context.newPage();
  await page.goto(`${m.http}/watch/demo`);
  await playing(page);
  const shown = await longBar(page);
  const box = await boxOf(page);
  await page.touchscreen.tap(box.x + 8 + (box.width - 16) * (6 / shown.max), box.y + 14);
  await until(instead('the card of that moment', page), async () => /Corn/.test((await card(page))?.text ?? ''), 40000);
  await context.close();
});
