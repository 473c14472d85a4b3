// Several people run one show at once: what one does stands in nobody's way who does something else, a conflict names who caused it,
// and who comes later, or comes back, reads who did what.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { launch } from './lib/browser.mjs';
import { ends } from './lib/ending.mjs';
import { fit } from './lib/fit.mjs';
import { Mediad, says, until } from './lib/mediad.mjs';

let m, browser, show, ann, as;
const people = {};

async function open(name, { width = 1280, height = 860 } = {}) {
  const page = await (await browser.newContext({ viewport: { width, height }, locale: 'en-GB' })).newPage();
  await page.goto(`${m.http}/dock/demo#t=${people[name]}`);
  await page.waitForSelector('.dock[data-state=sync]');
  return page;
}

before(async () => {
  m = ends(await Mediad.start());
  browser = ends(await launch());
  for (const [name, role] of [['Ann', 'host'], ['Ben', 'assistant'], ['Cleo', 'assistant']]) people[name] = (await m.api('POST', '/tokens', { name, role, org: 'home' })).body.token;
  for (const [sku, title] of [['CORN', 'Corn'], ['TEA', 'Tea'], ['HONEY', 'Honey']]) assert.equal((await m.api('POST', '/products', { sku, title, price: 5000, currency: 'CNY' })).status, 201);
  show = (await m.api('POST', '/shows', { room: 'demo', title: 'Harvest' })).body.id;
  assert.equal((await m.api('PUT', `/shows/${show}/lineup`, { items: [{ product: 'CORN' }, { product: 'TEA' }, { product: 'HONEY' }] })).status, 200);
  /** Somebody does something in a dock of their own. */
  as = async (name, method, path, body) => {
    const r = await fetch(`${m.http}/api/v1/shows/${show}/lineup/${path}`, { method, headers: { authorization: `Bearer ${people[name]}`, 'content-type': 'application/json' }, body: JSON.stringify(body) });
    assert.equal(r.status, 200, await r.text());
  };
  ann = await open('Ann');
});

const row = (title, page = ann) => page.locator('.rows li', { hasText: title });
const price = async (product) => (await m.api('GET', `/shows/${show}/lineup/${product}`)).body.goods.price;
const told = (page = ann) => page.innerText('.told');
async function types(title, text) {
  await row(title).locator('.price').click();
  await ann.keyboard.type(text);
}

test('a price is saved though others have changed other lines while it was typed, and is taken back over another change', async () => {
  await types('Corn', '45');
  await as('Ben', 'PATCH', 'TEA', { price: 4900 });
  await as('Cleo', 'PUT', 'HONEY/place', { after: '' });
  await ann.keyboard.press('Enter');
  await until('the price of corn', async () => (await price('CORN')) === 4500);
  assert.equal(await ann.locator('.trouble').count(), 0, 'nobody has touched corn');
  assert.equal(await price('TEA'), 4900, 'what Ben did stays');
  await as('Ben', 'PATCH', 'TEA', { price: 4800 });
  await ann.keyboard.press('z');
  await until('the price of before', async () => (await price('CORN')) === 5000);
  assert.equal(await ann.locator('.trouble').count(), 0);
});

test('the order that was seen is changed over a new price; over another order it is not, and it is said whose', async () => {
  const order = async () => (await m.api('GET', `/shows/${show}/lineup`)).body.items.map((l) => l.goods.sku).join();
  assert.equal(await order(), 'HONEY,CORN,TEA');
  /** Tea goes up by a line; what others do happens while the request is on its way. */
  await until('what is seen is that order', async () => (await ann.locator('.rows .name').allInnerTexts()).join() === 'Honey,Corn,Tea');
  const moves = async (meanwhile) => {
    await ann.route('**/lineup/*/place', async (route) => (await meanwhile(), route.continue()), { times: 1 });
    await row('Tea').locator('.pick').focus();
    await ann.keyboard.press('Alt+ArrowUp');
  };
  await moves(() => as('Ben', 'PATCH', 'HONEY', { price: 5100 }));
  await until('tea is moved', async () => (await order()) === 'HONEY,TEA,CORN');
  await until('and seen', async () => (await ann.locator('.rows .name').allInnerTexts()).join() === 'Honey,Tea,Corn');
  assert.equal(await ann.locator('.trouble').count(), 0);
  await moves(async () => {
    await as('Cleo', 'PUT', 'CORN/place', { after: '' });
    await as('Ben', 'PATCH', 'HONEY', { price: 5200 });
  });
  await says(() => row('Tea').innerText(), /Cleo has just changed this/); // Ben changed a price, and no order
  assert.equal(await order(), 'CORN,HONEY,TEA');
});

test('who has changed the same price is named, whoever did something else later', async () => {
  await types('Corn', '44');
  await as('Ben', 'PATCH', 'CORN', { price: 4700 });
  await as('Cleo', 'PATCH', 'TEA', { price: 4600 });
  await ann.keyboard.press('Enter');
  await says(() => row('Corn').innerText(), /Ben has changed the price to CN¥47\.00 meanwhile\. Yours is not saved/);
  assert.equal(await price('CORN'), 4700);
  await fit(ann, 'somebody else has changed it');
  await ann.keyboard.press('Enter'); // what was typed is kept, and saved over what is seen now
  await until('the price of corn', async () => (await price('CORN')) === 4400);
});

test('who opens a dock later reads who did what, and so does who comes back', async () => {
  const late = await open('Cleo', { width: 390, height: 844 });
  const wanted = [/Ann changed Corn: CN¥47\.00 → CN¥44\.00/, /Cleo changed Tea: CN¥48\.00 → CN¥46\.00/, /Ben changed Corn: CN¥50\.00 → CN¥47\.00/, /Ann changed Corn: CN¥45\.00 → CN¥50\.00/];
  const list = await until('the list', async () => { const all = await told(late).catch(() => ''); return wanted.every((w) => w.test(all)) && all; });
  let at = -1;
  for (const w of wanted) {
    const next = list.search(w);
    assert.ok(next > at, `${w} stands below what came after it, in:\n${list}`);
    at = next;
  }
  assert.equal(list, (await told()).replaceAll('You ', 'Ann '), 'both read the same');
  await late.context().setOffline(true);
  await late.evaluate(() => dispatchEvent(new Event('offline')));
  await late.waitForSelector('.dock[data-state=lost]');
  await as('Ben', 'PATCH', 'HONEY', { price: 5300 });
  await late.context().setOffline(false);
  await late.waitForSelector('.dock[data-state=sync]');
  await until('what was done meanwhile', async () => /^[^\n]*\s*Ben changed Honey: CN¥52\.00 → CN¥53\.00/.test(await told(late)));
  assert.equal((await told(late)).match(/CN¥53\.00/g).length, 1, 'it is told once');
  await late.context().close();
});
