// A coupon: shown from the dock, got by a click on the card, taken along to the shop, and counted.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { launch } from './lib/browser.mjs';
import { ends } from './lib/ending.mjs';
import { fit } from './lib/fit.mjs';
import { Mediad, until } from './lib/mediad.mjs';
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

test('a host shows a coupon, viewers get its code by a click, and the shop gets it from them', async () => {
  const product = (await m.api('POST', '/products', { sku: 'CORN', title: 'Sweet corn', price: 4990, currency: 'CNY' })).body;
  const shop = (await m.api('POST', '/shops', { name: 'Tea', kind: 'link', config: { template: 'https://tea.example/{sku}' } })).body;
  ends(push(await clip({ seconds: 90, fps: 30, gop: 2 }), `${m.rtmp}/${m.key}`));
  await m.mediaPlaylist();
  assert.equal((await m.api('POST', '/rooms/demo/pins', { product: 'CORN' })).status, 201);
  const host = await open(`/dock/demo#t=${m.token}`, 390, 844);
  const viewer = await open('/watch/demo', 800, 700);
  const card = () => viewer.evaluate(() => document.querySelector('mediad-player')?.shadowRoot?.querySelector('.card.big')?.textContent ?? '');
  await until('the viewer sees the card', async () => /Sweet corn/.test(await card()));

  await host.click('.coupon-new');
  await host.fill('[name=coupon-label]', '10 off');
  await host.fill('[name=coupon-code]', 'MAIZE');
  await host.fill('[name=coupon-total]', '5');
  await fit(host, 'the form of a coupon');
  await host.keyboard.press('Enter');
  await until('it says that the shop has no place for a code', async () => /Tea has no place for the code/.test(await host.textContent('mediad-coupons .trouble').catch(() => '')));
  assert.equal((await m.api('PATCH', `/shops/${shop.id}`, { config: { template: 'https://tea.example/{sku}?d={code}' } })).status, 200);
  await host.focus('[name=coupon-code]');
  await host.keyboard.press('Enter');
  await host.waitForSelector('mediad-coupons li[data-shown=true]');
  await fit(host, 'a coupon that is shown');

  const player = viewer.locator('mediad-player');
  const button = player.locator('.card.big .coupon button');
  await until('the card has it', async () => /Get coupon: 10 off/.test(await card()));
  const { show } = (await (await fetch(`${m.http}/c/room/demo.json`)).json());
  const live = await (await fetch(`${m.http}/c/${show}/live.json`)).text();
  const [coupon] = JSON.parse(live).coupons;
  assert.ok(!live.includes('MAIZE'), 'the code is told without a click');
  const buy = () => viewer.evaluate(() => document.querySelector('mediad-player').shadowRoot.querySelector('.card.big a.buy').href);
  assert.equal(new URL(await buy()).searchParams.get('coupon'), null);
  assert.ok((await button.boundingBox()).height >= 44, 'the button is too small for a finger');
  await button.focus();
  await viewer.keyboard.press('Enter');
  await until('the viewer has the code', async () => /MAIZE/.test(await card()));
  await until('the way to the shop takes it along', async () => new URL(await buy()).searchParams.get('coupon') === coupon.id);
  const way = await fetch(await buy(), { redirect: 'manual' });
  assert.equal(way.headers.get('location'), 'https://tea.example/CORN?d=MAIZE');

  // Another browser counts as another buyer: the way of above was one, too.
  await until('the host sees how many have it', async () => /2 of 5 got it/.test(await host.textContent('mediad-coupons li')));
  await host.click('.coupon-hide');
  await host.waitForSelector('mediad-coupons li[data-shown=false]');
  await until('viewers do not see it any more', async () => !/10 off/.test(await card()));
  const report = (await m.api('GET', `/shows/${show}/report`)).body;
  assert.deepEqual(report.coupons, [{ coupon: coupon.id, label: '10 off', got: 2 }]);
  await host.click('.coupon-end');
  await until('it is gone from the dock', async () => (await host.locator('mediad-coupons li').count()) === 0);
  assert.equal((await fetch(`${m.http}/go/${show}/${product.id}?coupon=${coupon.id}`, { redirect: 'manual' })).headers.get('location'), 'https://tea.example/CORN?d=');
});
