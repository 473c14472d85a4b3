// A whole evening, on pages alone: the owner sets up and invites a host, the host imports products and plans a show, the encoder gets its key from the studio,
// a product is shown from the dock, a viewer buys a variant of it, an assistant sees it all, and is out at once when the owner says so.
// It runs in Chromium, and once more in Firefox (evening-firefox.test.mjs).
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { launch } from './lib/browser.mjs';
import { ends } from './lib/ending.mjs';
import { fit } from './lib/fit.mjs';
import { launchFirefox } from './lib/firefox.mjs';
import { Mediad, until } from './lib/mediad.mjs';
import { clip, push } from './lib/publisher.mjs';
import { card, inPlayer, playerIs } from './lib/watching.mjs';

let m, browser, owner, host, assistant, viewer, show;
before(async () => {
  m = ends(await Mediad.start());
  browser = ends(await (process.env.MEDIAD_E2E_BROWSER === 'firefox' ? launchFirefox : launch)());
});

async function open(address, more = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB', ...more });
  const page = await context.newPage();
  page.setDefaultTimeout(20000);
  await page.goto(address);
  return page;
}

/** What a page has copied, as one gets it: pasted elsewhere. */
async function copied(page) {
  const other = await page.context().newPage();
  await other.goto(`${m.http}/studio`);
  await other.setContent('<textarea></textarea>');
  await other.focus('textarea');
  await other.keyboard.press('ControlOrMeta+v');
  const text = await other.inputValue('textarea');
  await other.close();
  await page.bringToFront();
  return text;
}

test('the owner sets up, and invites a host by a link', async () => {
  owner = await open(`${m.http}/studio#setup=${m.token}`);
  await owner.fill('[name=shop]', 'Corn town');
  await owner.fill('[name=name]', 'Li');
  await owner.fill('[name=email]', 'li@shop.example');
  await owner.fill('[name=password]', 'corn and tea 1');
  await owner.keyboard.press('Enter');
  await owner.click('.nav a[href="#/people"]');
  await owner.click('.invite');
  await owner.keyboard.type('wang@shop.example');
  await owner.keyboard.press('Enter');
  await owner.click('.made .secret button');
  host = await open(await owner.innerText('.made code'));
  await host.fill('[name=name]', 'Wang');
  await host.fill('[name=password]', 'tea and corn 3');
  await host.keyboard.press('Enter');
  await host.waitForSelector('.nav');
});

test('the host imports a feed, and gives a shirt its sizes', async () => {
  await host.click('.nav a[href="#/catalogue"]');
  await host.waitForSelector('catalogue-intake');
  await host.setInputFiles('catalogue-intake input[type=file]', {
    name: 'feed.tsv', mimeType: 'text/tab-separated-values',
    buffer: Buffer.from(['id\ttitle\tprice\tlink\tavailability',
      'SHIRT\tLinen shirt\t49.90 EUR\thttps://shop.example/shirt\tin stock',
      'TEA\tGreen tea\t12.50 EUR\thttps://shop.example/tea\tin stock'].join('\n')),
  });
  await host.click('[data-next]');
  await host.waitForSelector('text=Done. Your catalogue is up to date.');
  await host.click('.nav a[href="#/catalogue"]');
  await host.locator('.goods tbody tr', { hasText: 'Linen shirt' }).locator('text=Details').click();
  await host.waitForSelector('catalogue-pictures');
  for (const [i, size] of ['M', 'L'].entries()) {
    await host.click('text=Add a variant');
    await host.fill(`[name="variants[${i}].options"]`, size);
    await host.fill(`[name="variants[${i}].sku"]`, `SHIRT-${size}`);
  }
  await host.fill('[name="variants[1].price"]', '59.90');
  await host.click('.bar .loud');
  await host.waitForSelector('.goods tbody tr');
  assert.deepEqual((await m.api('GET', '/products/SHIRT')).body.variants.map((v) => [v.sku, v.price]), [['SHIRT-M', undefined], ['SHIRT-L', 5990]]);
});

test('the host plans a show with a line-up', async () => {
  await host.click('.nav a[href="#/shows"]');
  await host.click('.empty a.button');
  await host.fill('[name=title]', 'Summer evening');
  const soon = new Date(Date.now() + 3600_000);
  const two = (n) => String(n).padStart(2, '0');
  await host.fill('[name=date]', `${soon.getFullYear()}-${two(soon.getMonth() + 1)}-${two(soon.getDate())}`);
  await host.fill('[name=time]', `${two(soon.getHours())}:${two(soon.getMinutes())}`);
  await host.press('[name=title]', 'Enter');
  for (const title of ['Green tea', 'Linen shirt']) {
    await host.locator('.finder li', { hasText: title }).locator('button').click();
    await host.waitForSelector(`.run .line:has-text("${title}")`);
  }
  [show] = /[0-9A-Za-z]+$/.exec(host.url());
  await until('two lines', async () => (await m.api('GET', `/shows/${show}/lineup`)).body.items.length === 2);
});

test('the key from the studio brings the picture on air', async () => {
  await host.click('.nav a[href="#/rooms"]');
  await host.click('[data-room=demo] a');
  await host.click('.server + studio-copy button');
  const server = await until('the server is copied', async () => (await copied(host)) || null);
  await host.click('.get-key');
  await host.click('studio-connect studio-secret .copy');
  const key = await until('the key is copied', async () => { const text = await copied(host); return text !== server && text; });
  ends(push(await clip({ seconds: 60, fps: 30, gop: 1 }), `${server}/${key}`), 'kill');
  await host.waitForFunction(() => /We see your picture/.test(document.querySelector('.live .verdict')?.innerText));
  await until('the planned show is on air', async () => (await m.api('GET', `/shows/${show}`)).body.state === 'live');
});

test('an assistant comes in by an address for OBS', async () => {
  await owner.click('.nav a[href="#/rooms"]');
  await owner.click('[data-room=demo] a');
  await owner.click('.make-token');
  await owner.click('.obs .copy');
  const address = await until('the address is copied', async () => { const text = await copied(owner); return text.includes('/dock/') && text; });
  assistant = await open(address, { viewport: { width: 390, height: 844 } });
  await assistant.waitForSelector('.dock[data-state=sync]');
});

test('the host shows a product by a key; the viewer sees it with its frame, the assistant with the name', async () => {
  viewer = await open(`${m.http}/watch/demo`, { viewport: { width: 390, height: 844 }, locale: 'en-US' });
  await playerIs(viewer, 'live');
  await host.goto(`${m.http}/dock/demo`);
  await host.waitForSelector('.dock[data-state=sync]');
  await host.keyboard.press('n');
  await host.waitForSelector('.now .card:has-text("Green tea")');
  await host.waitForSelector('.step .next:enabled:has-text("Linen shirt")'); // the first step is answered
  await host.keyboard.press('n');
  const seen = await until('the card', async () => { const c = await card(viewer); return /Linen shirt/.test(c?.text ?? '') && c; }, 25000);
  assert.match(seen.text, /€49\.90/);
  await until('the assistant reads who did it', async () => /Wang showed Linen shirt/.test(await assistant.innerText('.history')));
});

test('from the card, the viewer gets to a size in the shop in three taps, and the picture goes on', async () => {
  const at = () => inPlayer(viewer, (_, root) => root.querySelector('video').currentTime);
  await viewer.locator('mediad-player .card.big').getByRole('button', { name: 'Choose options: Linen shirt' }).click(); // one; its sizes are open
  const shirt = viewer.locator('.thing', { hasText: 'Linen shirt' });
  await shirt.getByRole('radio', { name: 'L', exact: true }).check(); // two
  let to;
  await viewer.context().route('**/go/**', async (route) => { // the shop itself is not there
    const answer = await route.fetch({ maxRedirects: 0 });
    to = [answer.status(), answer.headers().location];
    await route.fulfill({ body: 'the shop' });
  });
  const [shop] = await Promise.all([viewer.context().waitForEvent('page'), shirt.locator('a.buy').click()]); // three
  await until('the click is recorded', async () => (await m.api('GET', `/shows/${show}/clicks/count`)).body.clicks === 1);
  assert.deepEqual(await until('the shop', () => to), [302, 'https://shop.example/shirt']);
  await shop.close();
  const was = await at();
  await until('the picture goes on', async () => (await at()) > was + 0.5);
  assert.equal(await inPlayer(viewer, (_, root) => root.querySelector('video').paused), false);
});

test('what the viewer pays stands in the docks of host and assistant, and viewers are told the number alone', async () => {
  for (const dock of [host, assistant]) await until('there is no shop yet', async () => /no shop is connected/.test(await dock.innerText('.numbers')));
  const secret = Buffer.alloc(24, 7).toString('base64');
  const { status, body: shop } = await m.api('POST', '/shops', { name: 'Shirts', kind: 'link', config: { hosts: ['shop.example'] }, secrets: { webhook: `whsec_${secret}` } });
  assert.equal(status, 201, JSON.stringify(shop));
  await until('no order yet', async () => /No orders yet/.test(await host.innerText('.numbers')));
  const click = await until('the click is listed', async () => (await m.api('GET', `/shows/${show}/clicks`)).body.items[0]?.id);
  const body = JSON.stringify({ type: 'order.paid', timestamp: new Date().toISOString(), data: { order: '7', amount: 9980, currency: 'EUR', click, lines: [{ sku: 'SHIRT', quantity: 2, amount: 9980 }] } });
  const at = String(Math.floor(Date.now() / 1000));
  const mac = createHmac('sha256', Buffer.from(secret, 'base64')).update(`m1.${at}.${body}`).digest('base64');
  assert.equal((await fetch(`${m.http}/hooks/${shop.id}`, { method: 'POST', headers: { 'webhook-id': 'm1', 'webhook-timestamp': at, 'webhook-signature': `v1,${mac}` }, body })).status, 204);
  for (const dock of [host, assistant]) {
    await until('the order is in the dock', async () => /Orders\s+1\s[\s\S]*Paid\s+€99\.80[\s\S]*Linen shirt\s+€99\.80\s+Orders 1 · units 2 · clicks 1/.test(await dock.innerText('.numbers')));
    await fit(dock, 'sales');
  }
  const live = await until('viewers are told', async () => { const told = await (await fetch(`${m.http}/c/${show}/live.json`)).json(); return told.pulse.orders === 1 && told; });
  assert.doesNotMatch(JSON.stringify(live), /9980/);
  assert.deepEqual(await viewer.context().cookies(m.http), [], 'watching and buying need no cookie');
});

test('a revoked address is out within a second', async () => {
  await owner.click('.nav a[href="#/tokens"]');
  await owner.locator('tr', { hasText: 'OBS demo' }).locator('studio-ask button').first().click();
  await owner.click('.ask .danger');
  await assistant.waitForSelector('.gate .trouble', { timeout: 3000 }); // the server is out with it within a second
  assert.match(await assistant.innerText('.gate .trouble'), /no longer valid/);
});
