// The studio's first page: the steps of a first day, what is on air and what it sold, what waits for somebody; and the menu in its parts, on a desk and on a phone.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { launch } from './lib/browser.mjs';
import { ends } from './lib/ending.mjs';
import { fit as fitIn, fits } from './lib/fit.mjs';
import { Mediad, says, until } from './lib/mediad.mjs';
import { clip, push } from './lib/publisher.mjs';

const owner = { email: 'li@shop.example', password: 'corn and tea 1' };
const secret = Buffer.alloc(24, 7);
let m, browser, page;
before(async () => {
  m = ends(await Mediad.start());
  browser = ends(await launch());
  const made = await fetch(`${m.http}/api/v1/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ ...owner, token: m.token, name: 'Li' }) });
  assert.ok(made.ok, await made.text());
  page = await signed(owner);
});

async function signed(who) {
  const p = await (await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' })).newPage();
  const answer = await p.request.post(`${m.http}/api/v1/session`, { data: who });
  assert.ok(answer.ok(), await answer.text());
  return p;
}

const rule = { controls: '#content button, #content .button, .nav a, .nav button', least: 43.9, tallAlone: true };

/** A state is fit for everybody, on a small phone and on a desk. */
async function fit(state) {
  await page.setViewportSize({ width: 320, height: 900 });
  await fits(page, `${state} at 320 px`, rule);
  await page.setViewportSize({ width: 1280, height: 900 });
  await fitIn(page, state, rule);
}

const text = async (of) => (await page.innerText(of)).replace(/\s+/g, ' ');

test('one lands on the first page, which has the steps to the first show; they are ticked one by one, and go', async () => {
  await page.goto(`${m.http}/studio`);
  await page.waitForSelector('studio-home .steps li');
  assert.equal(await page.getAttribute('.nav a[href="#/home"]', 'aria-current'), 'page');
  await says(() => text('.steps'), /Add your products.*Connect your camera.*Plan a show.*Connect your shop/);
  assert.equal(await page.locator('.steps [data-done=true]').count(), 0);
  await fit('a first day');
  assert.equal((await m.api('POST', '/products', { sku: 'CORN', title: 'Sweet corn', price: 4990, currency: 'CNY', link: 'https://shop.example/CORN?click={click}' })).status, 201);
  assert.equal((await m.api('POST', '/shows', { room: 'demo', title: 'Harvest evening', starts_at: new Date(Date.now() + 3_600_000).toISOString() })).status, 201);
  await page.reload();
  await page.waitForSelector('.steps [data-done=true]:has-text("Plan a show")');
  await until('two are ticked', async () => (await page.locator('.steps [data-done=true]').count()) === 2);
  await says(() => text('.next'), /Harvest evening.*Still missing: products in the line-up and a picture/);
  await says(() => text('.hand'), /Nothing needs your attention/);
});

test('on air, it has the show with what it sold, and what waits for somebody', async () => {
  const shop = (await m.api('POST', '/shops', { name: 'Own shop', kind: 'link', config: { hosts: ['shop.example'] }, secrets: { webhook: `whsec_${secret.toString('base64')}` } })).body;
  await m.api('POST', '/shops', { name: 'Half a shop', kind: 'link', config: { hosts: ['half.example'] } });
  const { id: show } = (await m.api('GET', '/shows?room=demo')).body.items[0];
  ends(push(await clip({ seconds: 60, fps: 30, gop: 1 }), `${m.rtmp}/${m.key}`), 'kill');
  await m.mediaPlaylist();
  assert.equal((await m.api('POST', '/rooms/demo/pins', { product: 'CORN' })).status, 201);
  const paid = async (order, click) => {
    const [id, at, body] = [`msg-${order}`, String(Math.floor(Date.now() / 1000)), JSON.stringify({ type: 'order.paid', timestamp: new Date().toISOString(), data: { order, amount: 4990, currency: 'CNY', ...(click ? { click } : {}), lines: [{ sku: 'CORN', quantity: 1, amount: 4990 }] } })];
    const mac = createHmac('sha256', secret).update(`${id}.${at}.${body}`).digest('base64');
    assert.equal((await fetch(`${m.http}/hooks/${shop.id}`, { method: 'POST', headers: { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': `v1,${mac}` }, body })).status, 204);
  };
  const gone = await fetch(`${m.http}/go/${show}/CORN?viewer=1`, { redirect: 'manual', headers: { 'user-agent': 'A viewer' } });
  await paid('#1', new URL(gone.headers.get('location')).searchParams.get('click'));
  await paid('#2');
  await until('both orders are counted', async () => (await m.api('GET', '/orders')).body.items.length === 2);
  await until('one of them is of the show', async () => (await m.api('GET', `/shows/${show}/report`)).body.total.orders === 1);
  await page.reload();
  await page.waitForSelector('.air-now [data-room=demo]');
  await until('what it sold so far', async () => /Harvest evening.*LIVE.*49\.90 so far · 1 order/.test(await text('.air-now')));
  assert.match(await page.getAttribute('.air-now .button', 'href'), /\/dock\/demo$/);
  await until('what needs a hand', async () => /1 order without a show.*Half a shop/.test(await text('.hand')));
  await until('the sales', async () => /Today.*49\.90.*1 order.*Last 7 days.*49\.90/.test(await text('.sales')));
  await says(() => page.getAttribute('.week', 'aria-label'), /^Sales by day: .*49\.90/);
  await until('nothing is left to do', async () => (await page.locator('.steps').count()) === 0);
  await fit('a show is on');
});

test('the menu has its parts with headings, on a phone behind one button', async () => {
  const parts = async () => page.$$eval('.nav ul[aria-labelledby]', (all) => all.map((ul) => [document.getElementById(ul.getAttribute('aria-labelledby')).textContent, ...[...ul.querySelectorAll('a')].map((a) => a.getAttribute('href').slice(2))]));
  const all = [['Sell', 'rooms', 'shows', 'catalogue', 'orders', 'shops'], ['Results', 'reports', 'festivals', 'replays'], ['Administration', 'people', 'tokens', 'webhooks', 'usage', 'audit', 'privacy', 'settings']];
  assert.deepEqual(await parts(), all);
  assert.ok(await page.isVisible('#nav-results'));
  await page.setViewportSize({ width: 390, height: 844 });
  assert.ok(!(await page.isVisible('#nav-results')) && !(await page.isVisible('.nav a[href="#/orders"]')));
  await page.click('.nav .rest');
  assert.ok(await page.isVisible('#nav-results') && await page.isVisible('.nav a[href="#/orders"]'));
  await fitIn(page, 'the whole menu on a phone', rule);
  await page.keyboard.press('Escape');
  assert.ok(!(await page.isVisible('#nav-results')));
  assert.ok(await page.$eval('.nav .rest', (e) => e === document.activeElement));
});

test('nothing is asked that a role does not open', async () => {
  const invited = await m.api('POST', '/orgs/home/members', { email: 'wang@shop.example', role: 'moderator' });
  assert.equal(invited.status, 201);
  const wang = { email: 'wang@shop.example', password: 'tea and corn 3' };
  const link = new URL(invited.body.link, m.http).hash.split('=')[1];
  const p = await (await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' })).newPage();
  const refused = [];
  const asked = [];
  p.on('response', (r) => { asked.push(new URL(r.url()).pathname); if (r.status() === 403) refused.push(r.url()); });
  await p.goto(`${m.http}/studio#invitation=${link}`);
  await p.fill('[name=name]', 'Wang');
  await p.fill('[name=password]', wang.password);
  await p.keyboard.press('Enter');
  await p.waitForSelector('studio-home .air-now');
  assert.deepEqual(refused, []);
  assert.ok(!asked.some((path) => /reports|orders|shops|imports/.test(path)), asked.join(' '));
  assert.equal(await p.locator('studio-home .sales').count(), 0);
});
