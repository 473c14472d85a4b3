// A festival: twenty shops are invited by link, three of them are on air, the page shows the wall and finds a product, and the
// organiser reads figures and can change nothing.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { axe } from './lib/axe.mjs';
import { launch } from './lib/browser.mjs';
import { ends } from './lib/ending.mjs';
import { fit as fitIn, fits } from './lib/fit.mjs';
import { Mediad, until } from './lib/mediad.mjs';
import { clip, push } from './lib/publisher.mjs';

const merchants = 20;
const secret = Buffer.alloc(24, 7);
let m, page, viewer;
before(async () => {
  m = ends(await Mediad.start());
  const browser = ends(await launch());
  page = await (await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' })).newPage();
  viewer = await (await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'en-GB' })).newPage();
  const made = await fetch(`${m.http}/api/v1/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ email: 'li@shop.example', password: 'corn and tea 1', token: m.token, name: 'Li' }) });
  assert.ok(made.ok, await made.text());
  const signed = await page.request.post(`${m.http}/api/v1/session`, { data: { email: 'li@shop.example', password: 'corn and tea 1' } });
  assert.ok(signed.ok(), await signed.text());
});

async function made(path, body) {
  const answer = await m.api('POST', path, body);
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return answer.body;
}

/** The API as a token's owner has it. */
const as = (token) => async (method, path, body) => {
  const answer = await fetch(`${m.http}/api/v1${path}`, { method, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, ...(body && { body: JSON.stringify(body) }) });
  const text = await answer.text();
  return { status: answer.status, text, body: text.startsWith('{') ? JSON.parse(text) : undefined };
};

const text = async (of, on = page) => (await on.innerText(of)).replace(/\s+/g, ' ');

async function fit(on, state, controls) {
  const rule = { controls, least: 43.9, tallAlone: true };
  const size = on.viewportSize();
  await on.setViewportSize({ width: 320, height: 900 });
  await fits(on, `${state} at 320 px`, rule);
  await on.setViewportSize(size);
  await fitIn(on, state, rule);
}

test('twenty shops by link, three on air, one page for viewers, and figures for the organiser alone', async () => {
  const city = await made('/orgs', { name: 'Guangzhou', kind: 'organiser', parent: 'home' });
  const shops = await Promise.all(Array.from({ length: merchants }, async (_, i) => {
    const org = await made('/orgs', { name: `Shop ${i}`, region: i % 2 ? 'Guangdong/Guangzhou' : 'Guangdong/Foshan' });
    const room = await made('/rooms', { slug: `shop-${i}`, title: `Shop ${i}`, org: org.id });
    const { token } = await made('/tokens', { name: `owner ${i}`, role: 'owner', org: org.id });
    return { org: org.id, room: room.slug, api: as(token) };
  }));
  const organiser = as((await made('/tokens', { name: 'city', role: 'owner', org: city.id })).token);
  const now = Date.now();
  const at = (days) => new Date(now + days * 86_400_000).toISOString();
  const festival = await organiser('POST', '/festivals', { slug: 'june', title: 'June of shops', description: 'A month of shows.', starts_at: at(-1), ends_at: at(29), timezone: 'Asia/Shanghai' });
  assert.equal(festival.status, 201, festival.text);

  for (const [i, shop] of shops.entries()) {
    const invited = await organiser('POST', '/festivals/june/rooms', { name: `Shop ${i}` });
    assert.equal(invited.status, 201, invited.text);
    const token = invited.body.link.split('/').pop();
    const read = await shop.api('POST', '/festival-invitations/read', { token });
    assert.equal(read.body.organiser, 'Guangzhou');
    const accepted = await shop.api('POST', '/festival-invitations/accept', { token, rooms: [shop.room] });
    assert.equal(accepted.status, 200, accepted.text);
    assert.equal((await shop.api('POST', '/festival-invitations/accept', { token, rooms: [shop.room] })).status, 404, 'a link works once');
  }

  // The organiser reads nothing of a shop but figures, and changes nothing.
  for (const [method, path, body] of [['GET', '/rooms/shop-0'], ['PATCH', '/rooms/shop-0', { title: 'Mine' }], ['DELETE', '/rooms/shop-0'], ['GET', `/orgs/${shops[0].org}`], ['POST', '/shows', { room: 'shop-0', title: 'x' }]]) {
    const answer = await organiser(method, path, body);
    assert.ok([403, 404].includes(answer.status), `${method} ${path}: ${answer.status}`);
  }
  const stranger = await shops[1].api('GET', '/festivals/june/report');
  assert.equal(stranger.status, 404, 'a shop reads no figures of others');

  // Three on air; one shows a product and sells it, and one keeps a secret for later.
  const recording = await clip({ seconds: 120, fps: 30, gop: 1 });
  const live = shops.slice(0, 3);
  for (const [i, shop] of live.entries()) {
    const product = await shop.api('POST', '/products', { sku: `P-${i}`, title: ['Lychee honey', 'Silk scarf', 'Pu-erh tea'][i], price: 4990, currency: 'CNY', category: ['Food > Honey', 'Fashion', 'Food > Tea'][i], link: `https://shop.example/${i}?click={click}` });
    assert.equal(product.status, 201, product.text);
    const key = await shop.api('GET', `/rooms/${shop.room}/key`);
    ends(push(recording, `${m.rtmp}/${key.body.stream_key}`), 'kill');
    await until(`${shop.room} is live`, async () => (await shop.api('GET', `/rooms/${shop.room}`)).body.live);
    if (i < 2) assert.equal((await shop.api('POST', `/rooms/${shop.room}/pins`, { product: `P-${i}` })).status, 201);
  }
  const [first] = live;
  const till = await first.api('POST', '/shops', { name: 'Own shop', kind: 'link', config: { hosts: ['shop.example'] }, secrets: { webhook: `whsec_${secret.toString('base64')}` } });
  assert.equal(till.status, 201, till.text);
  const { show } = (await (await fetch(`${m.http}/c/festival/june.json`)).json()).rooms.find((r) => r.room === first.room);
  const gone = await fetch(`${m.http}/go/${show}/P-0?viewer=1`, { redirect: 'manual' });
  const click = new URL(gone.headers.get('location')).searchParams.get('click');
  const body = JSON.stringify({ type: 'order.paid', timestamp: new Date().toISOString(), data: { order: '#1', amount: 9980, currency: 'CNY', click, lines: [{ sku: 'P-0', quantity: 2, amount: 9980 }] } });
  const stamp = String(Math.floor(Date.now() / 1000));
  const mac = createHmac('sha256', secret).update(`m1.${stamp}.${body}`).digest('base64');
  assert.equal((await fetch(`${m.http}/hooks/${till.body.id}`, { method: 'POST', headers: { 'webhook-id': 'm1', 'webhook-timestamp': stamp, 'webhook-signature': `v1,${mac}` }, body })).status, 204);

  // What viewers see.
  await viewer.goto(`${m.http}/festival/june`);
  await viewer.waitForSelector('.wall li:nth-child(3)');
  assert.equal(await viewer.locator('.wall li').count(), 3);
  assert.equal(await viewer.locator('.others li').count(), merchants - 3);
  await viewer.waitForSelector('.tile[data-room=shop-0] >> text=Lychee honey');
  await fit(viewer, 'the wall', 'input, select, .tile, .room, summary');
  assert.ok(!(await viewer.content()).includes('Pu-erh'), 'nothing before it is shown');
  await viewer.selectOption('select[name=region]', 'Guangdong/Guangzhou');
  await until('the rooms of one region', async () => (await viewer.locator('.wall li').count()) === 1);
  await viewer.selectOption('select[name=region]', '');
  await viewer.fill('input[type=search]', 'honey');
  await viewer.waitForSelector('.found .good >> text=Lychee honey');
  assert.equal(await viewer.locator('.found .good').count(), 1);
  await fit(viewer, 'what is found', 'input, select, .tile, .room, .good, summary');
  await viewer.fill('input[type=search]', 'Pu-erh');
  await viewer.waitForSelector('text=No product has been shown yet that fits');
  await viewer.goto(`${m.http}/embed/festival/june`);
  await viewer.waitForSelector('.wall li:nth-child(3)');
  assert.equal(await viewer.getAttribute('.tile', 'target'), '_blank');
  assert.deepEqual(await viewer.context().cookies(), [], 'a festival needs no cookie');

  // What the organiser sees, in figures and in the studio.
  const report = await until('the order counts', async () => {
    const r = await organiser('GET', '/festivals/june/report?by=region');
    return r.body?.total.total.orders === 1 && r.body;
  });
  assert.equal(report.total.shows, 3);
  const province = report.rows.find((r) => r.id === 'Guangdong');
  assert.deepEqual([province.shows, province.below.shows, province.below.total.orders], [0, 3, 1]);
  const csv = await organiser('GET', '/festivals/june/report.csv?by=room');
  assert.match(csv.text, /room,total,shop-0,[^\n]*,CNY,[^\n]*,99\.80,/);
  await page.goto(`${m.http}/studio#/festivals`);
  await page.selectOption('label.org select', city.id);
  await page.click('studio-festivals .row a');
  await page.waitForSelector('festival-now tr[data-room=shop-0]');
  await fit(page, 'a festival now', '#content button, #content .button');
  await page.click('.tabs >> text=Figures');
  await page.waitForSelector('festival-report tr[data-row=shop-0]');
  assert.match(await text('festival-report tr[data-row=shop-0]'), /99\.80/);
  await fit(page, 'figures of a festival', '#content button, #content .button');
  await page.click('.tabs >> text=Shops');
  await page.fill('[name=name]', 'Another shop');
  await page.click('text=Make a link');
  await page.waitForSelector('.link input');
  assert.match(await page.inputValue('.link input'), /\/studio#\/festivals\/join\/\w/);
  await fit(page, 'shops of a festival', '#content button, #content .button, #content input');
  const link = await page.inputValue('.link input');

  // A merchant who opens the link takes part, and leaves.
  await page.selectOption('label.org select', 'home');
  await page.goto(link);
  await page.waitForSelector('festival-join form');
  await fit(page, 'an invitation', '#content button, #content .button');
  await page.click('festival-join form [type=submit]');
  await page.waitForSelector('.part >> text=June of shops');
  await page.click('.part >> text=Leave');
  await page.click('text=Leave the festival');
  await until('the shop has left', async () => (await page.locator('.part').count()) === 0);
});

test('a merchant who is new opens the link on a phone, and has a shop with a room that takes part', async () => {
  const invited = await m.api('POST', '/festivals/june/rooms', { name: 'Tea farm', region: 'Guangdong/Chaozhou' });
  assert.equal(invited.status, 201, JSON.stringify(invited.body));
  const phone = await (await viewer.context().browser().newContext({ viewport: { width: 390, height: 844 }, locale: 'zh-CN', hasTouch: true })).newPage();
  await phone.goto(m.http + invited.body.link);
  await phone.getByRole('heading', { name: 'Guangzhou 邀请您参加“June of shops”' }).waitFor();
  if (process.env.SHOTS) await phone.screenshot({ path: `${process.env.SHOTS}/register.png`, fullPage: true });
  await fit(phone, 'an invitation of somebody who is new', '.gate button, .gate input, .gate select');
  assert.deepEqual(await axe(phone), []);
  for (const [name, value] of Object.entries({ shop: '凤凰茶园', name: '小王', email: 'li@shop.example', password: 'corn and tea 2' })) await phone.fill(`[name=${name}]`, value);
  await phone.selectOption('[name=currency]', 'CNY');
  await phone.click('[type=submit]');
  await phone.locator('.trouble', { hasText: '已有账号' }).waitFor(); // the address has an account
  await phone.fill('[name=email]', 'wang@tea.example');
  await phone.fill('[name=password]', 'corn and tea 2');
  await phone.click('[type=submit]');
  await phone.waitForSelector('.part >> text=June of shops');
  assert.match(await text('.part', phone), /凤凰茶园/);
  await fit(phone, 'the festivals of a new merchant', '#content button, #content .button');
  await phone.goto(`${m.http}/studio#/rooms`);
  await phone.waitForSelector('#content >> text=凤凰茶园');
  const list = (await m.api('GET', '/festivals/june/rooms')).body.items.find((p) => p.name === 'Tea farm');
  assert.deepEqual([list.status, list.region, list.rooms.map((r) => r.title)], ['accepted', 'Guangdong/Chaozhou', ['凤凰茶园']]);
  // The link is used up, and says so to whoever comes next.
  await viewer.goto(m.http + invited.body.link);
  await viewer.waitForSelector('.gate [name=password]');
  assert.equal(await viewer.locator('.gate [name=shop]').count(), 0);
});
