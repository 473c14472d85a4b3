// The list of products in the player: by keyboard, with variants, sold out at once, the page's own prices, and today's in a
// recording; what comes up, and titles in the viewer's language.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { axe } from './lib/axe.mjs';
import { launch } from './lib/browser.mjs';
import { ends } from './lib/ending.mjs';
import { Mediad, until } from './lib/mediad.mjs';
import { clip, push } from './lib/publisher.mjs';
import { inPlayer, playerIs } from './lib/watching.mjs';

let m, browser, context, page, publisher, show;
const goods = {};
before(async () => {
  m = ends(await Mediad.start());
  browser = ends(await launch());
  for (const [sku, title, more] of [
    ['SHIRT', 'Cotton shirt', { variants: [{ sku: 'SHIRT-M', options: { Size: 'M' } }, { sku: 'SHIRT-L', options: { Size: 'L' }, price: 2900 }, { sku: 'SHIRT-S', options: { Size: 'S' }, stock: 'out' }] }],
    ['TEA', '高山绿茶', { titles: { de: 'Hochlandtee', ar: 'شاي المرتفعات' } }],
    ['HONEY', 'Honey', {}],
    ['SECRET', 'Nobody knows of this', {}],
  ]) {
    const made = await m.api('POST', '/products', { sku, title, price: 2500, currency: 'EUR', link: `https://shop.example/${sku}`, ...more });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    goods[sku] = made.body;
  }
  const from = (ms) => new Date(Date.now() + ms).toISOString();
  const planned = await m.api('POST', '/shows', { room: 'demo', title: 'Tea time', starts_at: from(60_000) });
  assert.equal(planned.status, 201, JSON.stringify(planned.body));
  const items = [{ product: 'SHIRT' }, { product: 'TEA' }, { product: 'HONEY', reveal_at: from(-60_000), button_label: 'Taste it' }, { product: 'SECRET', reveal_at: from(3_600_000) }];
  const put = await m.api('PUT', `/shows/${planned.body.id}/lineup`, { rev: 0, items });
  assert.equal(put.status, 200, JSON.stringify(put.body));
  // Before the show the page has what is revealed, and nothing else.
  const early = await browser.newPage({ locale: 'en-US' });
  await early.goto(`${m.http}/watch/demo`);
  await until('what comes up', async () => /Coming up[^]*Honey[^]*Taste it/.test(await early.locator('watch-goods').innerText()));
  assert.equal(await early.locator('.good').count(), 1);
  assert.deepEqual(await axe(early), []);
  await early.close();
  for (const sku of ['SHIRT', 'TEA']) assert.equal((await m.api('POST', '/rooms/demo/pins', { product: sku })).status, 201);
  publisher = ends(push(await clip({ seconds: 40, fps: 30, gop: 1 }), `${m.rtmp}/${m.key}`));
  await m.mediaPlaylist();
  context = await browser.newContext({ locale: 'en-US', viewport: { width: 390, height: 844 } });
  page = await context.newPage();
  await page.goto(`${m.http}/watch/demo`);
  await playerIs(page, 'live');
  await until('the cards', () => inPlayer(page, (_, root) => root.querySelector('.card.big')));
});

const thing = (sku) => page.locator(`.thing[data-product-id="${goods[sku].id}"]`);
const onChoice = () => page.evaluate(() => {
  let e = document.activeElement;
  while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
  return e?.type === 'radio' && e.name;
});
const focused = () => inPlayer(page, (_, root) => root.activeElement?.className);

test('it opens and closes by keyboard, finds, and leads to the variant in the shop', async () => {
  const muted = () => inPlayer(page, (_, root) => root.querySelector('video').muted);
  const was = await muted();
  await page.getByRole('button', { name: 'Products in this show' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Products in this show' }).waitFor();
  await until('the focus is inside', async () => (await focused()) === 'shut');
  await until('all is listed', async () => (await page.locator('.thing').evaluateAll((all) => all.map((e) => e.dataset.productId).join())) === ['TEA', 'SHIRT', 'HONEY'].map((sku) => goods[sku].id).join());
  assert.match(await thing('HONEY').innerText(), /Coming up[^]*Taste it/);
  assert.equal((await fetch(await thing('HONEY').locator('a.buy').getAttribute('href'), { redirect: 'manual' })).status, 302);
  await page.keyboard.press('m'); // a key of the player
  assert.equal(await muted(), was, 'keys in the list are not the player’s');
  const framed = await context.newPage(); // no page around it counts
  await framed.goto(`${m.http}/embed/demo`);
  await until('the bag says how many were shown', () => inPlayer(framed, (_, root) => root.querySelector('.key.bag')?.innerText.trim() === '2'));
  await framed.close();
  await thing('SHIRT').getByRole('button', { name: /^Choose/ }).press('Enter');
  assert.equal(await thing('SHIRT').locator('a.buy').count(), 0, 'nothing is bought before it is chosen');
  await until('the focus is on the first choice', onChoice);
  await thing('SHIRT').getByRole('radio', { name: 'L', exact: true }).check();
  assert.match(await thing('SHIRT').locator('.prices').innerText(), /€29/);
  const large = goods.SHIRT.variants.find((v) => v.sku === 'SHIRT-L').id;
  const href = await thing('SHIRT').locator('a.buy').getAttribute('href');
  assert.match(href, new RegExp(`/go/\\w+/${large}\\?viewer=[0-9a-f]{16}$`));
  assert.equal((await fetch(href, { redirect: 'manual' })).status, 302);
  assert.equal(await thing('SHIRT').locator('label[data-gone]').innerText(), 'S');
  assert.deepEqual(await axe(page), []);
  await page.keyboard.press('Escape');
  await until('it is closed, and the focus is back', async () => !(await page.getByRole('dialog').count()) && /\bbag\b/.test(await focused()));
  await page.locator('.good', { hasText: 'Cotton shirt' }).getByRole('button', { name: 'Choose options: Cotton shirt' }).click();
  await until('the list of the page leads to the same choice', async () => String(await onChoice()).startsWith(goods.SHIRT.id));
  await until('the player’s top is below the page’s head', () => page.evaluate(() => document.querySelector('mediad-player').getBoundingClientRect().top >= document.querySelector('.head').getBoundingClientRect().bottom - 1), 5000);
  await page.keyboard.press('Escape');
});

test('titles are in the language of the viewer, from either side', async () => {
  for (const [locale, path, title, direction] of [['de-DE', '', 'Hochlandtee', 'ltr'], ['en-GB', '?lang=ar', 'شاي المرتفعات', 'rtl'], ['fr-FR', '', '高山绿茶', 'ltr']]) {
    const viewer = await (await browser.newContext({ locale, viewport: { width: 390, height: 844 } })).newPage();
    await viewer.goto(`${m.http}/watch/demo${path}`);
    await playerIs(viewer, 'live');
    await until(`the card says ${title}`, () => inPlayer(viewer, (_, root, t) => root.querySelector('.card.big .title')?.innerText === t, title));
    assert.equal(await inPlayer(viewer, (_, root) => getComputedStyle(root.querySelector('.card.big .title')).direction), direction);
    await until('so does the list of the page', async () => (await viewer.locator('.good h3').allInnerTexts()).includes(title));
    assert.equal(await viewer.evaluate(() => document.documentElement.lang), 'en');
    await viewer.context().close();
  }
});

test('what is sold out is so at once', async () => {
  await page.getByRole('button', { name: 'Products in this show' }).click();
  assert.equal(await thing('TEA').getAttribute('data-stock'), 'in');
  assert.equal((await m.api('PATCH', '/products/TEA', { stock: 'out' })).status, 200);
  await until('the list says so', async () => (await thing('TEA').getAttribute('data-stock')) === 'out', 8000);
  assert.match(await thing('TEA').innerText(), /Sold out/);
  // What is not pinned any more is told by the server.
  assert.equal((await m.api('DELETE', '/rooms/demo/pins/TEA')).status, 201);
  assert.equal((await m.api('PATCH', '/products/TEA', { stock: 'low' })).status, 200);
  await until('so is what was taken down', async () => (await thing('TEA').getAttribute('data-stock')) === 'low', 20000);
});

test('the page around it takes orders, and has prices of its own', async () => {
  const shop = await context.newPage();
  await shop.goto(`${m.http}/embed/demo?lang=en`);
  await playerIs(shop, 'live');
  await shop.evaluate(() => {
    const el = document.querySelector('mediad-player');
    el.checkout = 'event';
    el.currency = 'USD';
    window.orders = [];
    for (const kind of ['add-to-cart', 'checkout']) el.addEventListener(kind, ({ detail: d }) => window.orders.push([kind, d.variant?.sku ?? d.product.sku, d.quantity]));
    return el.hydrate((products, { currency }) => Object.fromEntries(products.map((p) => [p.sku, { price: p.sku === 'SHIRT-M' ? 3100 : 2700, currency }])));
  });
  await until('the card has its price', () => inPlayer(shop, (_, root) => /\$27/.test(root.querySelector('.card.big .prices')?.innerText ?? '')));
  await shop.getByRole('button', { name: 'Products in this show' }).click();
  const shirt = shop.locator('.thing', { hasText: 'Cotton shirt' });
  await shirt.getByRole('radio', { name: 'M', exact: true }).check();
  await until('so has the variant', async () => /\$31/.test(await shirt.locator('.prices').innerText()));
  await shirt.getByRole('button', { name: 'One more' }).click();
  await shirt.getByRole('button', { name: 'Add to cart' }).click();
  await shirt.locator('a.buy').click();
  assert.deepEqual(await shop.evaluate(() => window.orders), [['add-to-cart', 'SHIRT-M', 2], ['checkout', 'SHIRT-M', 2]]);
  assert.equal(context.pages().length, 2, 'the shop’s page does not open');
  await shop.close();
});

test('a recording has the prices of today', async () => {
  show = (await m.api('GET', '/rooms/demo/shows')).body.items[0].id;
  await publisher.stop();
  assert.equal((await m.api('POST', '/rooms/demo/end')).status, 200);
  assert.equal((await m.api('PATCH', '/products/SHIRT', { price: 1900 })).status, 200);
  await until('the recording', async () => (await fetch(`${m.http}/vod/${show}/index.m3u8`)).status === 200, 15000);
  await page.goto(`${m.http}/embed/demo?lang=en`);
  await page.getByRole('button', { name: 'Products in this show' }).click(); // beside the replay's button, where the show has ended
  await until('what the show had can be bought', async () => /€19/.test(await thing('SHIRT').innerText()), 8000);
  assert.deepEqual(await axe(page), []);
  await page.goto(`${m.http}/watch/demo?show=${show}&lang=en`);
  await playerIs(page, 'replay');
  await until('the card has it', () => inPlayer(page, (_, root, id) => /€19/.test(root.querySelector(`.card[data-product-id="${id}"]`)?.innerText ?? ''), goods.SHIRT.id), 10000);
  await until('so has the page', async () => /€19/.test(await page.locator('watch-goods').innerText()));
  await page.getByRole('button', { name: 'Products in this show' }).click();
  await until('so has the list', async () => /€19/.test(await thing('SHIRT').innerText()), 8000);
});
