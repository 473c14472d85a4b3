// A flash offer: started in the dock, counted down on the card, and kept by the server from its opening on.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { launch } from './lib/browser.mjs';
import { ends } from './lib/ending.mjs';
import { fit } from './lib/fit.mjs';
import { Mediad, says, until } from './lib/mediad.mjs';
import { clip, push } from './lib/publisher.mjs';

let m, browser;
before(async () => {
  m = ends(await Mediad.start());
  browser = ends(await launch());
});

const open = async (path, width, height) => {
  const page = await (await browser.newContext({ viewport: { width, height }, locale: 'en-GB' })).newPage();
  await page.goto(m.http + path);
  return page;
};
const go = async (path) => {
  const answer = await fetch(m.http + path, { redirect: 'manual' });
  return { status: answer.status, to: answer.headers.get('location') ?? '', page: await answer.text() };
};

test('a host starts an offer, viewers count down, and the price holds from its opening on', async () => {
  const product = (await m.api('POST', '/products', { sku: 'CORN', title: 'Sweet corn', price: 4990, currency: 'CNY' })).body;
  const shirt = (await m.api('POST', '/products', { sku: 'SHIRT', title: 'Shirt', price: 9900, currency: 'CNY', variants: [{ sku: 'SHIRT-M', options: { Size: 'M' } }, { sku: 'SHIRT-L', options: { Size: 'L' } }] })).body;
  assert.equal((await m.api('POST', '/shops', { name: 'Tea', kind: 'link', config: { template: 'https://tea.example/{sku}?d={code}' } })).status, 201);
  ends(push(await clip({ seconds: 90, fps: 30, gop: 2 }), `${m.rtmp}/${m.key}`));
  await m.mediaPlaylist();
  assert.equal((await m.api('POST', '/rooms/demo/pins', { product: 'CORN' })).status, 201);
  const host = await open(`/dock/demo#t=${m.token}`, 390, 844);
  const viewer = await open('/watch/demo', 800, 700);
  const card = () => viewer.evaluate(() => document.querySelector('mediad-player')?.shadowRoot?.querySelector('.card.big')?.textContent ?? '');
  await until('the viewer sees the card', async () => /Sweet corn/.test(await card()));

  await host.click('.now .flash');
  await host.fill('[name=flash-price]', '20');
  await host.fill('[name=flash-minutes]', '9'); // it is ended by hand
  await host.fill('[name=flash-total]', '100');
  await fit(host, 'the form of an offer');
  await host.keyboard.press('Enter');
  await host.waitForSelector('.flash-form .keep');
  await host.click('.flash-form .yes');
  await until('it says that the shop needs a code', async () => /Tea asks for the usual price/.test(await host.textContent('.flash-form .trouble').catch(() => '')));
  await host.fill('[name=flash-code]', 'FLASH');
  await host.keyboard.press('Enter');
  await host.click('.flash-form .yes');
  await host.waitForSelector('.flash-now[data-open=false]');

  const { show } = (await (await fetch(`${m.http}/c/room/demo.json`)).json());
  const [offer] = (await (await fetch(`${m.http}/c/${show}/live.json`)).json()).offers;
  const path = `/go/${show}/${product.id}?offer=${offer.id}`;
  const early = await go(path);
  assert.equal(early.status, 409);
  assert.match(early.page, /The offer is not open now/);
  await until('the viewer counts down', async () => /CN¥20\.00\sin\s0:\d\d/.test(await card()));
  await fit(host, 'an offer that comes');
  await until('the price holds', async () => /Flash\soffer · ends\sin\s\d+:\d\d · 100\sleft\s*CN¥20\.00/.test(await card()), 30_000);
  const { status, to } = await go(path);
  assert.equal(status, 302);
  assert.equal(to, 'https://tea.example/CORN?d=FLASH');
  await until('the button means it', async () => (await viewer.evaluate(() => { const to = new URL(document.querySelector('mediad-player').shadowRoot.querySelector('.card.big a.buy').href).searchParams; return to.get('viewer') && to.get('offer'); })) === offer.id);

  // The lists count down, too, and mean it.
  const listed = () => viewer.evaluate(() => { const good = document.querySelector('.good:has(mediad-offer[open])'); return good && [good.querySelector('mediad-offer').textContent, new URL(good.querySelector('a.buy').href).searchParams.get('offer')]; });
  await until('the list of the page', async () => /ends\sin\s\d+:\d\d · \d+\sleft\s*CN¥20\.00/.test((await listed())?.[0]) && (await listed())[1] === offer.id);
  await viewer.click('mediad-player .key.bag');
  await until('the list of the player', async () => /ends\sin\s\d+:\d\d · \d+\sleft\s*CN¥20\.00/.test(await viewer.locator('.thing mediad-offer[open]').innerText().catch(() => '')));

  // An offer of one variant names it, and is meant where that one is chosen.
  assert.equal((await m.api('POST', '/rooms/demo/pins', { product: 'SHIRT' })).status, 201);
  const large = shirt.variants.find((v) => v.sku === 'SHIRT-L').id;
  const made = await m.api('POST', `/shows/${show}/offers`, { product: shirt.id, variant: large, price: 8900, countdown: 10, duration: 300, code: 'LARGE' });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const thing = viewer.locator(`.thing[data-product-id="${shirt.id}"]`);
  await until('the entry names the variant', async () => /L · CN¥89\.00 · Flash\soffer · ends\sin\s\d:\d\d/.test(await thing.locator('mediad-offer').innerText().catch(() => '')), 30_000);
  await says(card, /L · CN¥89\.00 · Flash\soffer/);
  await thing.getByRole('button', { name: /^Choose/ }).click();
  const meant = async (size) => {
    await thing.getByRole('radio', { name: size, exact: true }).check();
    return new URL(await thing.locator('a.buy').getAttribute('href')).searchParams.get('offer');
  };
  assert.equal(await meant('M'), null);
  await until('the chosen one is meant', async () => (await meant('L')) === made.body.id);
  await viewer.keyboard.press('Escape');
  for (const path of [`/shows/${show}/offers/${made.body.id}`, `/rooms/demo/pins/${shirt.id}`]) assert.ok((await m.api('DELETE', path)).status < 300, path);

  await host.waitForSelector('.flash-now[data-open=true]');
  await host.click('.end-flash');
  await host.waitForSelector('.now .flash');
  await until('the card has the usual price alone', async () => !/20\.00/.test(await card()));
  assert.match((await go(path)).page, /The offer is not open now/);
});
