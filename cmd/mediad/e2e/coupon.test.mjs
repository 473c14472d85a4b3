// A coupon: shown from the dock, got by a click on the card, taken along to the shop, and counted.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { launch } from './lib/browser.mjs';
import { ends } from './lib/ending.mjs';
import { fit, fits } from './lib/fit.mjs';
import { Mediad, until } from './lib/mediad.mjs';
import { clip, push } from './lib/publisher.mjs';

let m, browser;
const secret = Buffer.alloc(24, 7);
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
  const shop = (await m.api('POST', '/shops', { name: 'Tea', kind: 'link', config: { template: 'https://tea.example/{sku}' }, secrets: { webhook: `whsec_${secret.toString('base64')}` } })).body;
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
  const report = await until('the report counts both', async () => { const { body } = await m.api('GET', `/shows/${show}/report`); return body.coupons?.[0]?.got === 2 && body; });
  assert.deepEqual(report.coupons, [{ coupon: coupon.id, label: '10 off', offered: 5, got: 2, orders: 0, money: [], rates: [{ name: 'orders_per_coupon', value: 0, numerator: 0, numerator_name: 'orders', denominator: 2, denominator_name: 'got', text: 'orders_per_coupon 0.00 % (0 / 2)' }] }]);
  await host.click('.coupon-end');
  await until('it is gone from the dock', async () => (await host.locator('mediad-coupons li').count()) === 0);
  assert.equal((await fetch(`${m.http}/go/${show}/${product.id}?coupon=${coupon.id}`, { redirect: 'manual' })).headers.get('location'), 'https://tea.example/CORN?d=');
});

test('the results of the show say what came of a coupon and of a flash offer', async () => {
  const { show } = await (await fetch(`${m.http}/c/room/demo.json`)).json();
  const shop = (await m.api('GET', '/shops')).body.items[0];
  assert.equal((await m.api('PATCH', `/shops/${shop.id}`, { config: { template: 'https://tea.example/{sku}?d={code}&click={click}' } })).status, 200);
  const { body: offer, status } = await m.api('POST', `/shows/${show}/offers`, { product: 'CORN', price: 3990, countdown: 10, duration: 60, limit_total: 5, code: 'FLASH' });
  assert.equal(status, 201);
  const { body: coupon } = await m.api('POST', `/shows/${show}/coupons`, { label: '5 off', code: 'FIVE', shown: true });
  const buy = async (name, quantity, price, code, query = '') => {
    const { headers } = await fetch(`${m.http}/go/${show}/CORN${query}`, { redirect: 'manual', headers: { 'user-agent': name } });
    const to = new URL(headers.get('location'));
    assert.equal(to.searchParams.get('d'), code);
    const body = JSON.stringify({ type: 'order.paid', timestamp: new Date().toISOString(), data: { order: name, amount: price, currency: 'CNY', click: to.searchParams.get('click'), lines: [{ sku: 'CORN', quantity, amount: price }] } });
    const at = String(Math.floor(Date.now() / 1000));
    const mac = createHmac('sha256', secret).update(`${name}.${at}.${body}`).digest('base64');
    assert.equal((await fetch(`${m.http}/hooks/${shop.id}`, { method: 'POST', headers: { 'webhook-id': name, 'webhook-timestamp': at, 'webhook-signature': `v1,${mac}` }, body })).status, 204);
  };
  await buy('one', 1, 4490, 'FIVE', `?coupon=${coupon.id}`);
  assert.equal((await fetch(`${m.http}/c/${show}/coupons/${coupon.id}`, { method: 'POST', headers: { 'user-agent': 'other' } })).status, 200);
  await until('the offer is open', async () => (await m.api('GET', `/shows/${show}/offers/${offer.id}`)).body.state === 'open');
  await buy('two', 2, 7980, 'FLASH');
  await until('the orders have their show', async () => (await m.api('GET', `/shows/${show}/report`)).body.total.orders === 2);
  await until('the viewer has watched for ten seconds, and the server has heard it', async () => (await m.api('GET', `/shows/${show}/report`)).body.total.effective === 1, 40000);

  const owner = await (await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' })).newPage();
  assert.ok((await owner.request.post(`${m.http}/api/v1/session`, { data: { email: 'li@shop.example', password: 'corn and tea 1', token: m.token, name: 'Li' } })).ok());
  await owner.goto(`${m.http}/studio#/shows/${show}`);
  await owner.waitForSelector('studio-results tr[data-offer]');
  const text = async (of) => (await owner.innerText(of)).replace(/\s+/g, ' ');
  assert.match(await text('tr[data-offer]'), /^Sweet corn CN¥39\.90, usually CN¥49\.90 since \d\d:\d\d 40% taken 2 ÷ offered 5 no limit 1 CN¥79\.80$/);
  assert.match(await text(`tr[data-coupon="${coupon.id}"]`), /^5 off 2 no limit 1 50% orders 1 ÷ viewers who got it 2 CN¥44\.90$/);
  assert.match(await text('studio-results table.coupons'), /10 off 2 of 5 0 0% orders 0 ÷ viewers who got it 2 –/);
  // Each minute has what was paid in it, and all figures stand with what they are.
  await owner.waitForSelector('result-minutes .told-minute');
  const minutes = () => text('result-minutes .told-minute');
  await owner.focus('result-minutes [name=minute]');
  await owner.keyboard.press('Home');
  const said = [];
  for (let n = 0; n < 4; n++) { said.push(await minutes()); await owner.keyboard.press('ArrowRight'); }
  assert.match(said.join('\n'), /^\d\d:\d\d Sweet corn Paid CN¥(44\.90|79\.80|124\.70), orders [12], clicks \d\. Viewers [\d.]+ on average, 1 at most\. Likes 0\.$/m);
  await owner.selectOption('result-minutes [name=minute-figure]', 'clicks');
  await owner.click('studio-results .figures summary');
  assert.match(await text('tr[data-figure="Sales per 1,000 views"]'), /Paid ÷ views × 1,000\. CN¥124,700\.00 – CN¥124,700\.00$/);
  assert.match(await text('tr[data-figure="Effective views"]'), / 1 100% 0 1 100%$/);
  const rule = { controls: '#content button, #content input, #content select, #content .button', least: 43.9, tallAlone: true };
  await fit(owner, 'the results', rule);
  await owner.setViewportSize({ width: 320, height: 900 });
  await fits(owner, 'the results at 320 px', rule);
  const csv = await (await owner.request.get(`${m.http}/api/v1/shows/${show}/report.csv`)).text();
  assert.match(csv, /\r\noffer rate sell_through,[^\n]*,0\.400000,taken,2,offered,5,/);
});
