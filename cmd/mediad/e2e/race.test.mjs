// Two viewers want the last unit. One pays for it at a shop that speaks as Stripe does, the other is told that it is gone, and in both pictures the card says so.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { launch } from './lib/browser.mjs';
import { ends } from './lib/ending.mjs';
import { Mediad, freePort, until } from './lib/mediad.mjs';
import { clip, push } from './lib/publisher.mjs';
import { inPlayer, instead, listen, playerIs, playing } from './lib/watching.mjs';

const segment = 2; // seconds: a key frame begins each
const secret = 'whsec_of_the_race';
const key = 'sk_test_race';
let m, product, show, allocation;
const viewers = [];

const made = async (method, path, body, status = 201) => {
  const answer = await m.api(method, path, body);
  assert.equal(answer.status, status, JSON.stringify(answer.body));
  return answer.body;
};

before(async () => {
  const shopAt = `127.0.0.1:${await freePort()}`;
  m = ends(await Mediad.start({ env: { STRIPE_API_BASE: `http://${shopAt}` }}));
  product = (await made('POST', '/products', { sku: 'CORN', title: 'The last corn 玉米', price: 4990, currency: 'CNY' })).id;
  show = (await made('POST', '/shows', { room: 'demo', title: 'One unit' })).id;
  await made('PUT', `/shows/${show}/lineup`, { rev: 0, items: [{ product: 'CORN' }] }, 200);
  const shop = await made('POST', '/shops', { name: 'Tea', kind: 'stripe-session', stock: 'allocated-hold', config: { hosts: [shopAt] }, secrets: { api_key: key, webhook: secret } });
  allocation = (await made('POST', `/shows/${show}/allocations`, { product: 'CORN', total: 1 })).id;

  const bin = join(m.dir, 'shop');
  await promisify(execFile)('go', ['build', '-o', bin, './shop'], { cwd: fileURLToPath(new URL('.', import.meta.url)) });
  const child = spawn(bin, ['--listen', shopAt, '--hook', shop.hook, '--secret', secret, '--key', key], { stdio: 'inherit' });
  ends({ stop: () => child.kill() });
  await until('the shop is open', () => fetch(`http://${shopAt}/`).then(() => true, () => false));

  ends(push(await clip({ seconds: 120, fps: 30, gop: segment }), `${m.rtmp}/${m.key}`));
  await m.mediaPlaylist();
  await made('POST', '/rooms/demo/pins', { product: 'CORN' });
  const browser = ends(await launch());
  for (const name of ['first', 'second']) {
    const context = await browser.newContext({ locale: 'en-US', userAgent: `viewer ${name}` });
    await listen(context);
    const page = await context.newPage();
    await page.goto(`${m.http}/watch/demo`);
    viewers.push({ context, page });
  }
  for (const { page } of viewers) {
    await playerIs(page, 'live');
    await playing(page);
    await until(instead('a card with a unit left', page), async () => (await stock(page)) === 'in');
  }
});

const stock = (page) => inPlayer(page, (_, root, id) => root.querySelector(`.card.big[data-product-id="${id}"]`)?.dataset.stock, product);
const units = async () => (await made('GET', `/shows/${show}/allocations`, undefined, 200)).items[0];

test('of two who press Buy at the same time one gets the unit, and both cards say that it is gone within a segment and two seconds', async () => {
  const gone = viewers.map(({ page }) => page.evaluate((id) => new Promise((ok) => {
    const root = document.querySelector('mediad-player').shadowRoot;
    const look = () => (root.querySelector(`.card.big[data-product-id="${id}"]`)?.dataset.stock === 'out' ? ok(Date.now()) : setTimeout(look, 20));
    look();
  }), product));
  const since = Date.now();
  const went = await Promise.all(viewers.map(async ({ context, page }) => {
    const [shop] = await Promise.all([context.waitForEvent('page'), inPlayer(page, (_, root) => root.querySelector('.card.big a.buy').click())]);
    await shop.waitForLoadState();
    return shop;
  }));
  const texts = await Promise.all(went.map((shop) => shop.locator('main').innerText()));
  const winner = texts.findIndex((text) => /Pay/.test(text));
  const loser = 1 - winner;
  assert.ok(winner >= 0, `nobody got the unit: ${texts}`);
  assert.match(texts[loser], /Sold out[^]*Go back to the show/);
  const held = await units();
  assert.deepEqual([held.total, held.held, held.sold], [1, 1, 0]);
  for (const [n, at] of (await Promise.all(gone)).entries()) {
    const took = (at - since) / 1000;
    console.log(`# viewer ${n + 1}: the card says so ${took.toFixed(2)} s after Buy was pressed`);
    assert.ok(took < segment + 2, `the card of viewer ${n + 1} took ${took} s`);
  }

  const back = went[winner];
  await back.getByRole('button', { name: /^Pay/ }).click();
  await until('the shop has taken the money', async () => /Order|order/.test(await back.locator('main').innerText().catch(() => '')));
  await until('the server knows of it', async () => (await units()).sold === 1);
  const { items } = await made('GET', `/orders?show=${show}`, undefined, 200);
  assert.deepEqual(items.map((o) => [o.gross, o.state, o.unallocated ?? 0]), [[4990, 'paid', 0]]);
  await went[loser].reload();
  assert.match(await went[loser].locator('main').innerText(), /Sold out/);
  for (const { page } of viewers) assert.equal(await stock(page), 'out');
});
