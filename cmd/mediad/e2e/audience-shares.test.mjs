// Shares: a viewer shares the show, another one comes by the link and buys, and the report says so.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { axe } from './lib/axe.mjs';
import { launch } from './lib/browser.mjs';
import { ends } from './lib/ending.mjs';
import { Mediad, until } from './lib/mediad.mjs';
import { clip, push } from './lib/publisher.mjs';
import { inPlayer, playerIs } from './lib/watching.mjs';

let m, browser, show, publisher;
before(async () => {
  m = ends(await Mediad.start());
  browser = ends(await launch());
  publisher = ends(push(await clip({ seconds: 120, fps: 30, gop: 1 }), `${m.rtmp}/${m.key}`));
  await m.mediaPlaylist();
  assert.equal((await m.api('POST', '/products', { sku: 'TEA', title: 'Green tea', price: 900, currency: 'CNY', link: 'https://shop.example/tea?c={click}' })).status, 201);
  assert.equal((await m.api('POST', '/rooms/demo/pins', { product: 'TEA' })).status, 201);
  show = (await m.api('GET', '/rooms/demo')).body.show.id;
});

const open = async (address, state = 'live') => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'en-GB' });
  await context.addInitScript(() => {
    delete Navigator.prototype.share;
    Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { window.copied = text; } } });
  });
  const page = await context.newPage();
  await page.goto(address);
  await playerIs(page, state);
  return page;
};
const copied = (page) => until('the link is copied', () => page.evaluate(() => window.copied), 10000);

test('a shared link tells what it brought', async () => {
  const page = await open(`${m.http}/watch/demo`);
  await page.locator('mediad-player .like').waitFor();
  assert.equal(await page.locator('mediad-player .share').count(), 0, 'the page has its own button');
  await page.click('#share');
  const link = await copied(page);
  assert.match(link, /\/watch\/demo\?ref=[a-z0-9]{8}$/);

  const frame = await open(`${m.http}/embed/demo`);
  const button = frame.locator('mediad-player .share');
  await button.waitFor();
  const box = await button.boundingBox();
  assert.ok(box.width >= 44 && box.height >= 44, JSON.stringify(box));
  assert.equal(await button.getAttribute('aria-label'), 'Share this show');
  await button.click();
  assert.match(await copied(frame), /\/watch\/demo\?ref=[a-z0-9]{8}$/);
  assert.match(await button.textContent(), /Copied/);
  assert.deepEqual(await axe(frame), []);

  const friend = await open(new URL(new URL(link).pathname + new URL(link).search, m.http).href);
  await friend.locator('mediad-player .like').waitFor();
  const came = [];
  friend.on('request', (r) => r.url().endsWith('/beat') && came.push(r.postDataJSON().ref));
  const [shop] = await Promise.all([friend.context().waitForEvent('page'), friend.locator('mediad-player .card.big a.buy').click()]);
  await shop.close();
  const code = new URL(link).searchParams.get('ref');
  await until('the click has the code', async () => (await m.api('GET', `/shows/${show}/clicks`)).body.items[0]?.ref === code, 10000);
  const total = await until('the report has all of it', async () => {
    const { total: t } = (await m.api('GET', `/shows/${show}/report`)).body;
    return t.shares === 2 && t.came === 1 && t;
  }, 60000);
  assert.equal(total.orders_by_shares, 0);
  assert.equal(total.rates.find((r) => r.name === 'came_per_share').text, 'came_per_share 0.50 (1 / 2)');
  assert.equal(came.filter((r) => r === code).length <= 1, true, 'it is told once');
});

test('a link to a moment begins there, and its card names what was shown', async () => {
  await publisher.stop();
  assert.equal((await m.api('POST', '/rooms/demo/end')).status, 200);
  await m.offAir();
  await until('the recording is stored', async () => (await fetch(`${m.http}/vod/${show}/index.m3u8`)).ok);
  const page = await open(`${m.http}/watch/demo?show=${show}`, 'replay');
  await until('it plays behind its begin', () => inPlayer(page, (p) => {
    const video = p.renderRoot.querySelector('video');
    if (video.seekable.length && video.currentTime < 8 && video.duration > 14) video.currentTime = 9;
    return video.currentTime >= 8 && !video.seeking;
  }), 20000);
  await inPlayer(page, (p) => p.renderRoot.querySelector('video').pause()); // it is short, and has no moment at its end
  await page.click('#share');
  const menu = page.getByRole('menu');
  await menu.waitFor();
  const [from, whole] = await menu.getByRole('menuitem').all();
  assert.match(await from.textContent(), /^From 0:\d\d on$/);
  assert.equal(await whole.textContent(), 'The whole show');
  assert.equal(await from.evaluate((e) => e === document.activeElement), true);
  assert.ok((await from.boundingBox()).height >= 44);
  assert.deepEqual(await axe(page), []);
  await page.keyboard.press('Escape');
  await until('the menu is closed', async () => (await menu.count()) === 0);
  await page.click('#share');
  await menu.getByRole('menuitem').first().click();
  const link = new URL(await copied(page));
  assert.match(link.search, new RegExp(`^\\?show=${show}&t=\\d+&ref=[a-z0-9]{8}$`));
  const at = Number(link.searchParams.get('t'));
  assert.ok(at >= 8, link.href);

  const text = await (await fetch(m.http + link.pathname + link.search)).text();
  assert.match(text, /property="og:title" content="Green tea ¥9\.00 · /);
  const image = text.match(/property="og:image" content="([^"]+)"/)?.[1] ?? '';
  assert.ok(image.endsWith(`/vod/${show}/moments/${at}.jpg`), image);
  const picture = await fetch(image);
  assert.equal(picture.headers.get('content-type'), 'image/jpeg');
  const friend = await open(m.http + link.pathname + link.search, 'replay');
  await until('it begins at the moment', () => inPlayer(friend, (p) => p.renderRoot.querySelector('video').currentTime >= p.start), 20000);

  // A link that was shared while the show was on has a date: it leads to the same picture of the recording.
  const begun = Math.floor(Date.parse((await m.api('GET', `/shows/${show}`)).body.started) / 1000);
  const dated = await open(`${m.http}/watch/demo?show=${show}&date=${begun + 9}`, 'replay');
  const start = await dated.evaluate(() => document.querySelector('mediad-player').start);
  assert.ok(Math.abs(start - 9) <= 2, `it begins at ${start} s`);
});
