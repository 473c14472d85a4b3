// For people who cannot see well, or have no mouse: axe-core on each page in each state, on a phone and a desktop,
// light and dark, in both languages; the keyboard; a phone on its side; and nothing of the picture cut off.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { axe } from './lib/axe.mjs';
import { launch } from './lib/browser.mjs';
import { ends } from './lib/ending.mjs';
import { keyless } from './lib/keys.mjs';
import { Mediad, until } from './lib/mediad.mjs';
import { clip, push } from './lib/publisher.mjs';
import { inPlayer, playerIs } from './lib/watching.mjs';

let m, browser, publisher, file, show;
const looks = [
  { viewport: { width: 390, height: 844 }, colorScheme: 'light', locale: 'en-US', isMobile: true, hasTouch: true },
  { viewport: { width: 390, height: 844 }, colorScheme: 'dark', locale: 'zh-CN', isMobile: true, hasTouch: true },
  { viewport: { width: 1280, height: 800 }, colorScheme: 'dark', locale: 'en-US' },
  { viewport: { width: 1280, height: 800 }, colorScheme: 'light', locale: 'zh-CN' },
  { viewport: { width: 844, height: 390 }, colorScheme: 'light', locale: 'en-US', isMobile: true, hasTouch: true },
];
const pages = [];
before(async () => {
  m = ends(await Mediad.start({ config: { hls: { reconnect: '60s' }, rooms: [{ slug: 'demo', stream_key: 'e2e-stream-key-0123456789', title: 'Corn Town 玉米' }, { slug: 'tea', title: 'Tea house' }] } }));
  browser = ends(await launch());
  file = await clip({ seconds: 60, fps: 30, gop: 1 });
  for (const [sku, stock, price, list] of [['CORN', 'in', 4990, 6900], ['HONEY', 'out', 2500], ['TEA', 'low', 12800]]) {
    const made = await m.api('POST', '/products', { sku, title: `${sku} 好物`, stock, price, list_price: list, currency: 'CNY', link: 'https://shop.example/x', description: 'From the hills.' });
    assert.equal(made.status, 201, JSON.stringify(made.body));
  }
  for (const look of looks) {
    const page = await (await browser.newContext({ ...look, reducedMotion: 'reduce' })).newPage();
    page.look = `${look.viewport.width} ${look.colorScheme} ${look.locale}`;
    pages.push(page);
  }
});

const open = (path) => Promise.all(pages.map((p) => p.goto(m.http + path)));
const shows = (p, selector) => until(`${selector} at ${p.look}`, () => inPlayer(p, (_, root, s) => Boolean(root.querySelector(s)), selector), 20000);
const clean = async (what) => {
  for (const p of pages) {
    const found = await axe(p);
    assert.deepEqual(found, [], `${what} at ${p.look}:\n${found.slice(0, 20).join('\n')}`);
  }
};

test('what keys cannot do is found: each fault of a page that has them, and nothing else', async () => {
  const page = await browser.newPage();
  await page.setContent(`<style>.bare:focus-visible { outline: none } .finger { cursor: pointer } label:has(:focus-visible) { outline: 3px solid } .hid { outline: none !important }</style>
    <button>plain</button><div id="around"><button>inside</button></div><label><input class="hid" type="checkbox"> Yes</label>
    <div role="toolbar"><button>first</button><button tabindex="-1">roving</button></div><button disabled tabindex="-1">off</button><div hidden onclick="1">hidden</div>
    <div onclick="1">div</div><button class="bare">bare</button><button tabindex="-1">out</button><span class="finger">looks</span><div id="dead" tabindex="0">dead</div><div id="host"></div>`);
  await page.evaluate(() => {
    for (const id of ['around', 'dead']) document.getElementById(id).addEventListener('click', () => {});
    document.getElementById('host').attachShadow({ mode: 'open' }).innerHTML = '<i>deep</i><button>well</button>';
    document.getElementById('host').shadowRoot.querySelector('i').addEventListener('pointerdown', () => {});
  });
  const found = (await keyless(page)).map((line) => line.split(' ').at(-1)).sort();
  assert.deepEqual(found, ['bare', 'dead', 'dead', 'deep', 'div', 'looks', 'out']); // one works by no key, and has no role
  await page.close();
});

test('before the show, a room that does not exist, and the API page', async () => {
  await open('/watch/tea');
  for (const p of pages) await playerIs(p, 'before');
  await clean('before the show');
  await open('/watch/nobody');
  await clean('no room');
  await open('/api');
  await clean('the API page');
});

test('live, with products and the words of the host', async () => {
  publisher = ends(push(file, `${m.rtmp}/${m.key}`));
  await m.mediaPlaylist();
  await open('/watch/demo');
  for (const p of pages) await playerIs(p, 'live');
  for (const product of ['CORN', 'HONEY', 'TEA']) assert.equal((await m.api('POST', '/rooms/demo/pins', { product })).status, 201);
  for (const p of pages) await shows(p, '.chip:not([data-leaving])');
  await m.api('POST', '/rooms/demo/cues', { kind: 'notice', data: { text: 'Last ten boxes! '.repeat(11) } });
  for (const p of pages) await shows(p, '.words');
  await clean('live');
});

test('the picture is whole, and fills the frame only where the viewer says so', async () => {
  const fit = (p) => inPlayer(p, (_, root) => getComputedStyle(root.querySelector('video')).objectFit);
  for (const p of pages) assert.equal(await fit(p), 'contain', p.look);
  for (const p of pages) await until(`the size of the picture is known at ${p.look}`, () => inPlayer(p, (_, root) => root.querySelector('video').videoWidth > 0));
  const side = pages.at(-1); // there the frame is wider than the picture; elsewhere it has the picture's shape
  await shows(side, '.key.fill');
  for (const p of pages) assert.equal(await p.locator('mediad-player .key.fill').count(), p === side ? 1 : 0, p.look);
  await side.locator('mediad-player .key.fill').press('Enter');
  assert.equal(await fit(side), 'cover');
  await side.reload();
  await playerIs(side, 'live');
  await shows(side, '.key.fill');
  assert.equal(await fit(side), 'cover', 'the wish is kept');
  await side.locator('mediad-player .key.fill').click();
  assert.equal(await fit(side), 'contain');
});

test('a phone on its side shows the whole picture and its controls', async () => {
  const side = pages.at(-1);
  await side.reload();
  await playerIs(side, 'live');
  await until('the picture and its controls', () => inPlayer(side, (_, root) => root.querySelector('video')?.videoWidth > 0 && Boolean(root.querySelector('.controls'))));
  const box = await inPlayer(side, (_, root) => {
    const of = (s) => { const b = root.querySelector(s).getBoundingClientRect(); return { top: b.top, bottom: b.bottom, height: b.height }; };
    return { video: of('video'), controls: of('.controls'), window: innerHeight };
  });
  assert.ok(box.video.top >= 0 && box.video.bottom <= box.window + 0.5 && box.controls.bottom <= box.window + 0.5, JSON.stringify(box));
  assert.ok(box.video.height > 0.8 * box.window, JSON.stringify(box));
  await shows(side, '.card.big');
  const card = await inPlayer(side, (_, root) => root.querySelector('.card.big').getBoundingClientRect().height);
  assert.ok(card < 0.3 * box.window, `the card takes ${card} px of ${box.window}`);
});

test('the page works by keyboard alone', async () => {
  const page = pages[2];
  await page.reload();
  await playerIs(page, 'live');
  await shows(page, '.card.big .buy');
  const on = () => page.evaluate(() => {
    let e = document.activeElement;
    while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
    const style = getComputedStyle(e);
    if (e === document.body) return { what: 'the browser', ring: true };
    return { what: e.getAttribute('aria-label') || e.textContent.trim(), ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 };
  });
  const seen = [];
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press('Tab');
    const { what, ring } = await on();
    assert.ok(ring, `${what} has no focus ring`);
    seen.push(what);
  }
  for (const want of [/Share/, /Unmute/, /Buy now: TEA/, /^Pause/, /Turn sound on/, /Volume/, /Full screen/, /^Embed$/]) {
    assert.ok(seen.some((s) => want.test(s)), `${want} is not reached: ${seen.join(' | ')}`);
  }
  const paused = () => inPlayer(page, (_, root) => root.querySelector('video').paused);
  await page.locator('mediad-player').focus();
  await page.keyboard.press('k');
  await until('it pauses', paused);
  await page.keyboard.press('k');
  await until('it plays', async () => !(await paused()));
});

test('while the host is away, after the end, and in the replay', async () => {
  await publisher.kill();
  for (const p of pages) await p.goto(`${m.http}/watch/demo`);
  for (const p of pages) await until(`it says so at ${p.look}`, () => inPlayer(p, (_, root) => /right back|马上回来/.test(root.querySelector('.away, .notice')?.textContent ?? '')), 20000);
  await clean('away');
  show = (await m.api('GET', '/rooms/demo')).body.show.id;
  assert.equal((await m.api('POST', '/rooms/demo/end')).status, 200);
  for (const p of pages) await playerIs(p, 'ended');
  await until('the replay', async () => (await fetch(`${m.http}/vod/${show}/index.m3u8`)).ok, 20000);
  for (const p of pages) await until(`the list stays at ${p.look}`, () => p.evaluate(() => document.querySelectorAll('.good').length === 3), 20000);
  await clean('after the end');
  await open(`/watch/demo?show=${show}`);
  for (const p of pages) await playerIs(p, 'replay');
  for (const p of pages) await shows(p, '.card.big');
  await clean('the replay');
  await open(`/embed/demo?show=${show}`);
  for (const p of pages) await playerIs(p, 'replay');
  await clean('embedded');
});

test('the operator panel', async () => {
  await open('/watch/demo?operator=1');
  for (const p of pages) {
    await p.locator('.operator input').fill(m.token);
    await p.locator('.operator .ask wa-button').click();
    await until(`numbers at ${p.look}`, () => p.evaluate(() => Boolean(document.querySelector('.operator').shadowRoot.querySelector('.events li'))), 20000);
  }
  await clean('the operator panel');
});
