// The dock where it is narrow: in OBS and on a phone. What matters on air is above the fold, rows are one line, and their deeds are a tap away.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { launch } from './lib/browser.mjs';
import { ends } from './lib/ending.mjs';
import { fit } from './lib/fit.mjs';
import { Mediad, until } from './lib/mediad.mjs';

let m, browser, show;
before(async () => {
  m = ends(await Mediad.start());
  browser = ends(await launch());
  for (const [sku, title] of [['CORN', 'Sweet corn'], ['TEA', 'Green tea 绿茶'], ['HONEY', 'Honey'], ['RICE', 'Rice from the hills, first harvest of the year 山里新米']]) {
    assert.equal((await m.api('POST', '/products', { sku, title, price: 5000, currency: 'CNY', link: `https://shop.example/${sku}` })).status, 201);
  }
  show = (await m.api('POST', '/shows', { room: 'demo', title: 'Harvest' })).body.id;
  assert.equal((await m.api('PUT', `/shows/${show}/lineup`, { items: ['CORN', 'TEA', 'HONEY', 'RICE'].map((product) => ({ product, ...(product === 'TEA' ? { note: 'Pour it' } : {}) })) })).status, 200);
  for (const product of ['CORN', 'TEA']) assert.equal((await m.api('POST', '/rooms/demo/pins', { product })).status, 201);
});

async function open(path, width, height) {
  const page = await (await browser.newContext({ viewport: { width, height }, locale: 'en-GB' })).newPage();
  await page.goto(m.http + path);
  return page;
}
const bottom = (page, selector) => page.locator(selector).last().evaluate((e) => e.getBoundingClientRect().bottom);

test('what is on screen, Next and how the show stands are above the fold', async () => {
  for (const [width, height] of [[390, 844], [340, 700]]) {
    const page = await open(`/dock/demo#t=${m.token}`, width, height);
    await page.waitForSelector('.dock[data-state=sync] .card.slim');
    const next = await page.locator('.step .next').evaluate((e) => e.getBoundingClientRect().top);
    assert.ok(await bottom(page, '.now .card') <= next, `${width} px: a card lies below the fold, ${await bottom(page, '.now .card') - next} px`);
    assert.ok(await bottom(page, '.status') < 90, `${width} px: the status line is high`);
    assert.ok(await page.locator('.slim').evaluate((e) => e.offsetHeight) <= 60, 'an earlier product is one line');
    const rows = await page.locator('.rows li').evaluateAll((all) => all.filter((e) => !e.querySelector('.note')).map((e) => e.offsetHeight));
    assert.ok(Math.max(...rows) <= 72, `rows are ${rows.join(', ')} px high`);
    assert.match(await page.innerText('.now .note'), /Pour it/, 'what its host wanted to say stands with what is on screen');
    await page.context().close();
  }
});

test('deeds on a row, and on a product that was shown earlier, are behind a button', async () => {
  const page = await open(`/dock/demo#t=${m.token}`, 340, 700);
  await page.waitForSelector('.dock[data-state=sync] .card.slim');
  const row = page.locator('.rows li', { hasText: 'Honey' });
  assert.equal(await row.locator('.out').isVisible(), false);
  await row.locator('.menu').click();
  await row.locator('.out').waitFor();
  await fit(page, 'the deeds on a row');
  assert.equal(await page.evaluate(() => document.activeElement.className), 'menu', 'the focus stays where it was');
  await row.locator('.price').click();
  await page.keyboard.type('45');
  await page.keyboard.press('Enter');
  await until('the price', async () => (await m.api('GET', `/shows/${show}/lineup/HONEY`)).body.goods.price === 4500);
  await page.locator('.slim .menu').click();
  await page.locator('.now [data-product] >> nth=1 >> .out').click();
  await until('sold out', async () => (await m.api('GET', '/products/CORN')).body.stock === 'out');
  assert.equal(await row.locator('.out').isVisible(), false, 'one is open at a time');
  await page.locator('.now .menu').click();
  await page.locator('.slim .unpin').click();
  await until('taken down', async () => (await page.locator('.now .card').count()) === 1);
  await page.context().close();
});

test('a search says how many it found, and from 1,100 px the deeds stand in the line of their title', async () => {
  const page = await open(`/dock/demo#t=${m.token}`, 1100, 860);
  await page.waitForSelector('.dock[data-state=sync] .rows li');
  const lines = await page.locator('.rows li').evaluateAll((all) => all.map((li) => [li.offsetHeight, li.querySelector('.menu').offsetHeight, Math.abs(li.querySelector('.out').getBoundingClientRect().top - li.querySelector('.price').getBoundingClientRect().top)]));
  for (const [height, menu, apart] of lines) assert.deepEqual([height < 90, menu, apart], [true, 0, 0], JSON.stringify(lines));
  await fit(page, 'rows of a wide dock');
  await page.fill('#search', 'tea');
  await until('one is found', async () => (await page.innerText('#run')) === '1 result for “tea”');
  await page.fill('#search', 'melon');
  await until('none is', async () => (await page.innerText('#run')) === '0 results for “melon”' && /No product has “melon”/.test(await page.innerText('.run .empty')));
  await page.click('.run .empty button');
  assert.match(await page.innerText('#run'), /Run of show · 4/);
  await page.context().close();
});

test('who has forgotten the password is told the way of the studio', async () => {
  const page = await open('/dock/demo', 390, 844);
  await page.waitForSelector('.gate .forgot');
  await fit(page, 'the sign-in');
  const [studio] = await Promise.all([page.context().waitForEvent('page'), page.click('.gate .forgot')]);
  await until('an owner helps', async () => /Ask an owner of your shop/.test(await studio.innerText('.gate').catch(() => '')));
  await page.context().close();
});
