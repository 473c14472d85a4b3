// The search over everything in the studio's top bar, and a show on air: what is shown now and comes next stands first.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { launch } from './lib/browser.mjs';
import { ends } from './lib/ending.mjs';
import { fit as fitIn } from './lib/fit.mjs';
import { Mediad, says, until } from './lib/mediad.mjs';
import { clip, push } from './lib/publisher.mjs';

let m, browser, li, wang, show, order;

before(async () => {
  m = ends(await Mediad.start());
  browser = ends(await launch());
  for (const [sku, title, price] of [['CORN', 'Corn 玉米', 4990], ['TEA', 'Green tea 绿茶', 1250], ['HONEY', 'Honey', 8800]]) {
    await api('POST', '/products', { sku, title, price, currency: 'CNY', link: `https://shop.example/${sku}` });
  }
  li = await open({ token: m.token, email: 'li@shop.example', password: 'corn and tea 1', name: 'Li', shop: 'Tea town' });
  const { link } = await api('POST', '/orgs/home/members', { email: 'wang@shop.example', role: 'moderator' });
  wang = await open({ accept: link.split('=').pop(), name: 'Wang', password: 'rice and honey 2' });
  show = (await api('POST', '/shows', { room: 'demo', title: 'Evening of tea' })).id;
  await api('PUT', `/shows/${show}/lineup`, { items: ['TEA', 'CORN', 'HONEY'].map((product) => ({ product })) });
  const secret = Buffer.alloc(24, 7);
  const shop = await api('POST', '/shops', { name: 'Our shop', kind: 'link', config: { hosts: ['shop.example'] }, secrets: { webhook: `whsec_${secret.toString('base64')}` } });
  const body = JSON.stringify({ type: 'order.paid', timestamp: new Date().toISOString(), data: { order: '#TEA-1007', amount: 1250, currency: 'CNY' } });
  const at = String(Math.floor(Date.now() / 1000));
  const mac = createHmac('sha256', secret).update(`msg-1.${at}.${body}`).digest('base64');
  const told = await fetch(`${m.http}/hooks/${shop.id}`, { method: 'POST', headers: { 'webhook-id': 'msg-1', 'webhook-timestamp': at, 'webhook-signature': `v1,${mac}` }, body });
  assert.equal(told.status, 204, await told.text());
  [order] = (await api('GET', '/orders')).items;
});

const api = async (...asked) => (await m.api(...asked)).body;

async function open({ accept, ...who }, { width = 1280, height = 860 } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, locale: 'en-GB' });
  const answer = await context.request.post(`${m.http}/api/v1/${accept ? 'invitations/accept' : 'session'}`, { data: accept ? { token: accept, ...who } : who });
  assert.ok(answer.ok(), await answer.text());
  return context.newPage();
}

const fit = (page, state) => fitIn(page, state, { controls: 'button, input:not([type=checkbox], [type=radio]), select, nav a', least: 43.9 });
const groups = (page) => page.locator('.search [role=group]').evaluateAll((all) => all.map((g) => g.getAttribute('aria-label')));
const active = (page) => page.locator('.search [aria-selected=true] bdi').innerText();

test('the slash opens a search over everything, and the keyboard opens what it found', async () => {
  await li.goto(`${m.http}/studio#/settings`);
  await li.waitForSelector('studio-settings h1');
  await li.keyboard.press('/');
  await li.waitForSelector('dialog.search[open]');
  await fit(li, 'the search, empty');
  await li.keyboard.type('tea');
  await li.waitForSelector('.search .hit');
  await until('each kind has answered', async () => (await groups(li)).join() === 'Catalogue,Shows,Orders');
  await says(() => li.innerText('.search .results'), /Green tea 绿茶\s+TEA · CN¥12\.50[^]*Evening of tea[^]*#TEA-1007\s+CN¥12\.50/);
  await fit(li, 'what the search found');
  assert.equal(await active(li), 'Green tea 绿茶');
  await li.keyboard.press('ArrowDown');
  assert.equal(await active(li), 'Evening of tea');
  assert.equal(await li.getAttribute('.search input', 'aria-activedescendant'), await li.getAttribute('.search [aria-selected=true]', 'id'));
  await li.keyboard.press('ArrowUp');
  await li.keyboard.press('ArrowUp');
  assert.equal(await active(li), '#TEA-1007');
  await li.keyboard.press('Enter');
  await li.waitForSelector('studio-order');
  assert.ok(li.url().endsWith(`#/orders/${order.id}`));
  await li.waitForSelector('dialog', { state: 'detached' });
});

test('people, rooms and pages are found, nothing is said in words, and Escape gives the focus back', async () => {
  await li.click('.seek');
  await li.fill('.search input', 'wang');
  await li.waitForSelector('.search .hit:has-text("wang@shop.example")');
  await li.fill('.search input', 'demo');
  await li.waitForSelector('.search [aria-label=Rooms] .hit');
  await li.fill('.search input', 'webh');
  await li.waitForSelector('.search [aria-label="Pages of the studio"] .hit:has-text("Webhooks")');
  await li.fill('.search input', 'porcelain');
  await li.waitForSelector('.search .nothing');
  assert.match(await li.innerText('.search'), /Nothing found for “porcelain”/);
  await li.setViewportSize({ width: 390, height: 844 });
  await fit(li, 'nothing found on a phone');
  await li.fill('.search input', 'corn');
  await li.waitForSelector('.search .hit');
  await fit(li, 'what the search found on a phone');
  await li.setViewportSize({ width: 1280, height: 860 });
  await li.keyboard.press('Escape');
  await li.waitForSelector('dialog', { state: 'detached' });
  assert.equal(await li.evaluate(() => document.activeElement.className), 'seek');
});

test('a question that is no longer asked is given up', async () => {
  let release;
  const held = new Promise((ok) => (release = ok));
  await li.route(/products\?.*q=corn/, async (route) => {
    await held;
    await route.continue().catch(() => {}); // the page has given it up
  });
  await li.keyboard.press('Control+k');
  await li.waitForSelector('dialog.search[open]');
  const asked = li.waitForRequest(/products\?.*q=corn/);
  const given = li.waitForEvent('requestfailed', (r) => /q=corn/.test(r.url()));
  await li.keyboard.type('corn');
  await asked;
  await li.fill('.search input', 'honey');
  await given;
  release();
  await li.waitForSelector('.search .hit:has-text("Honey")');
  await li.keyboard.press('Escape');
});

test('who may see no orders and no people finds none, and nothing is asked', async () => {
  const asked = [];
  wang.on('request', (r) => asked.push(new URL(r.url()).pathname));
  await wang.goto(`${m.http}/studio`);
  await wang.waitForSelector('.seek');
  await wang.keyboard.press('/');
  await wang.waitForSelector('dialog.search[open]');
  asked.length = 0;
  await wang.keyboard.type('tea');
  await wang.waitForSelector('.search .hit');
  await until('both kinds have answered', async () => (await groups(wang)).join() === 'Catalogue,Shows');
  assert.ok(!asked.some((path) => /orders|members/.test(path)), asked.join(' '));
});

test('on air, what is shown now and comes next stands before the line-up and the results', async () => {
  ends(push(await clip(), `${m.rtmp}/${m.key}`), 'kill');
  await until('the show is on air', async () => (await api('GET', `/shows/${show}`)).state === 'live');
  await api('POST', '/rooms/demo/next');
  await li.goto(`${m.http}/studio#/shows/${show}`);
  await li.waitForSelector('.now-next .now .goods:has-text("Green tea")');
  await says(() => li.innerText('.now-next .next'), /Next\s+C\s+Corn/);
  await li.waitForSelector('studio-brief dl');
  await says(() => li.innerText('studio-brief'), /Watching now\s+0\s+Orders\s+0/);
  for (const part of ['.run', 'studio-results']) await li.waitForSelector(part, { state: 'attached' });
  const tops = await li.evaluate(() => ['.now-next', '.run', 'studio-results'].map((s) => document.querySelector(s).getBoundingClientRect().top));
  assert.ok(tops[0] < tops[1] && tops[1] < tops[2], tops.join(' '));
  await api('PATCH', '/products/CORN', { stock: 'out' });
  await li.waitForSelector('.now-next .next:has-text("Viewers cannot buy it") >> text=Skip to');
  await li.click('studio-skip button');
  await li.waitForSelector('.now-next .now:has-text("honey"):not(:has-text("Green tea"))');
  await li.waitForSelector('.run [aria-current=true]:has-text("honey") .mark.on');
  await li.click('.told button'); // and back: both as they were
  await li.waitForSelector('.now-next .now:has-text("Green tea"):not(:has-text("honey"))');
  await li.waitForSelector('.now-next .next .goods:has-text("Corn")');
  await api('PATCH', '/products/CORN', { stock: 'in' });
  await api('POST', '/rooms/demo/next');
  await li.waitForSelector('.now-next .now .goods:has-text("Corn")');
  await li.waitForSelector('.now-next .next .goods:has-text("Honey")');
  await fit(li, 'a show on air');
  await li.setViewportSize({ width: 390, height: 844 });
  await fit(li, 'a show on air, on a phone');
  assert.equal(await li.isVisible('.beside'), false, 'the catalogue lies between the line-up and the results');
  await li.click('.jump >> text=Add products');
  await li.waitForSelector('.beside .finder [name=q]:focus');
});
