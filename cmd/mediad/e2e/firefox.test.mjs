// The pages in Firefox: the dock shows a product, and a viewer sees its card with its frame, opens the list, chooses a variant and is
// led to the shop.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { axe } from './lib/axe.mjs';
import { ends } from './lib/ending.mjs';
import { launchFirefox } from './lib/firefox.mjs';
import { Mediad, until } from './lib/mediad.mjs';
import { clip, push } from './lib/publisher.mjs';
import { card, inPlayer, instead, listen, playing } from './lib/watching.mjs';

let m, browser, viewer, dock, shirt;
before(async () => {
  m = ends(await Mediad.start());
  browser = ends(await launchFirefox());
  const made = await m.api('POST', '/products', {
    sku: 'SHIRT', title: 'Linen shirt', price: 4990, currency: 'EUR', link: 'https://shop.example/shirt',
    variants: [{ sku: 'SHIRT-M', options: { Size: 'M' } }, { sku: 'SHIRT-L', options: { Size: 'L' }, price: 5990 }],
  });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  shirt = made.body;
  ends(push(await clip({ seconds: 60, fps: 30, gop: 1 }), `${m.rtmp}/${m.key}`));
  await m.mediaPlaylist();
});

async function open(path, viewport) {
  const context = await browser.newContext({ viewport, locale: 'en-US' });
  await listen(context);
  const page = await context.newPage();
  await page.goto(m.http + path);
  return page;
}

test('the picture plays on the watch page', async () => {
  viewer = await open('/watch/demo', { width: 1000, height: 700 });
  await playing(viewer, 60000);
  assert.match(await viewer.evaluate(() => navigator.userAgent), /Firefox/);
  const at = () => inPlayer(viewer, (_, root) => root.querySelector('video').currentTime);
  const begun = await at();
  await until(instead('it plays on', viewer), async () => (await at()) > begun + 3, 30000);
  assert.deepEqual(await axe(viewer), []);
});

test('the dock shows a product by a key, and the card comes with its frame', async () => {
  dock = await open(`/dock/demo#t=${m.token}`, { width: 1000, height: 800 });
  await dock.waitForSelector('.dock[data-state=sync]');
  await dock.waitForSelector('.rows li');
  assert.deepEqual(await axe(dock), []);
  await dock.keyboard.press('j');
  await dock.keyboard.press('p');
  await dock.waitForSelector('.now .card');
  const seen = await until(instead('the card', viewer), () => card(viewer), 25000);
  assert.equal(seen.id, shirt.id);
  assert.match(seen.text, /Linen shirt[^]*€49\.90/);
  const pin = await until('the cue', () => viewer.evaluate(() => window.seen.cues.find((c) => c.cue.kind === 'product.pin')));
  assert.ok(Math.abs(pin.now - pin.mediaTime) < 0.1, `the cue of ${pin.mediaTime} fired at ${pin.now}`);
});

test('the list leads to the variant in the shop, by keyboard', async () => {
  await viewer.bringToFront();
  await viewer.getByRole('button', { name: 'Products in this show' }).press('Enter');
  const thing = viewer.locator('.thing');
  await thing.waitFor();
  await thing.getByRole('radio', { name: 'L', exact: true }).check();
  assert.match(await thing.locator('.prices').innerText(), /€59\.90/);
  assert.deepEqual(await axe(viewer), []);
  const href = await thing.locator('a.buy').getAttribute('href');
  assert.equal((await fetch(href, { redirect: 'manual' })).status, 302);
  await viewer.keyboard.press('Escape');
  await until('it is closed', async () => !(await thing.count()));
});

test('what is sold out is so at once, and the picture goes to the corner', async () => {
  assert.equal((await m.api('PATCH', '/products/SHIRT', { stock: 'out' })).status, 200);
  await until(instead('the viewer sees it', viewer), () => inPlayer(viewer, (_, root) => root.querySelector('.card.big')?.dataset.stock === 'out'));
  await until('so does the dock', async () => /Sold out/.test(await dock.innerText('.now .card')));
  await viewer.addStyleTag({ content: '.foot { padding-bottom: 150vh }' });
  await viewer.evaluate(() => scrollTo({ top: 1200, behavior: 'instant' }));
  await until('the small picture', () => inPlayer(viewer, (_, root) => Boolean(root.querySelector('.frame[data-mini]'))));
  await viewer.getByRole('button', { name: 'Back to the show' }).click();
  await until('it is in its place', () => inPlayer(viewer, (_, root) => !root.querySelector('.frame[data-mini]')));
  assert.deepEqual(await viewer.evaluate(() => window.seen.errors), []);
});
