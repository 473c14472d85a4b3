// The studio's shows: a host plans one in another time zone, makes its line-up by keys, mouse and finger, and sees what viewers see before it. Two at once see
// each other, and neither loses what they typed.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { launch } from './lib/browser.mjs';
import { ends } from './lib/ending.mjs';
import { fit as fitIn } from './lib/fit.mjs';
import { Mediad, says, until } from './lib/mediad.mjs';
import { clip, push } from './lib/publisher.mjs';

const day = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
let m, browser, li, wang, show;
const ids = {};

before(async () => {
  m = ends(await Mediad.start());
  browser = ends(await launch());
  for (const [sku, title, price, list_price] of [['CORN', 'Corn 玉米', 4990, 6900], ['TEA', 'Green tea 绿茶', 1250], ['HONEY', 'Secret honey', 8800], ['RICE', 'Rice from the hills', 3000]]) {
    ids[sku] = (await api('POST', '/products', { sku, title, price, ...(list_price ? { list_price } : {}), currency: 'CNY', link: 'https://shop.example/' + sku })).id;
  }
  li = await open({ token: m.token, email: 'li@shop.example', password: 'corn and tea 1', name: 'Li' });
  const { link } = await api('POST', '/orgs/home/members', { email: 'wang@shop.example', role: 'host' });
  wang = await open({ accept: link.split('=').pop(), name: 'Wang', password: 'rice and honey 2' });
});

const api = async (...asked) => (await m.api(...asked)).body;

/** A page of the studio, in Berlin, for somebody who signs in. */
async function open({ accept, ...who }, { width = 1280, height = 860, locale = 'en-GB', colorScheme = 'light', hasTouch = false } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, locale, colorScheme, hasTouch, timezoneId: 'Europe/Berlin' });
  const answer = await context.request.post(`${m.http}/api/v1/${accept ? 'invitations/accept' : 'session'}`, { data: accept ? { token: accept, ...who } : who });
  assert.ok(answer.ok(), await answer.text());
  return context.newPage();
}

/** Opens a route anew. */
const go = async (page, route) => {
  await page.goto('about:blank');
  await page.goto(`${m.http}/studio#/${route}`);
};

const fit = (page, state) => fitIn(page, state, { controls: 'button, input:not([type=checkbox], [type=radio]), select, nav a, studio-shows a.button', least: 43.9 });

const lines = async (id = show) => (await api('GET', `/shows/${id}/lineup`)).items;
const order = async (id = show) => (await lines(id)).map((l) => l.goods.sku).join(' ');
const comes = (want, id) => until(`the order ${want}`, async () => (await order(id)) === want);
const line = (page, sku) => page.locator(`.run [data-product="${ids[sku]}"]`);
const grip = (page, sku) => line(page, sku).locator('.grip');

test('the first show is planned in another time zone, which is spelled out', async () => {
  await go(li, 'shows');
  await li.waitForSelector('.empty');
  await fit(li, 'no show yet');
  await li.click('.empty a.button');
  await li.fill('[name=title]', 'Harvest 丰收节');
  await li.fill('[name=date]', day);
  await li.press('[name=title]', 'Enter');
  assert.match(await li.innerText('[role=alert]'), /date and a time/);
  await li.fill('[name=time]', '20:00');
  await li.selectOption('[name=zone]', 'Asia/Shanghai');
  assert.match(await li.innerText('.said'), /20:00 China Standard Time[\s\S]*Berlin/);
  const png = await li.evaluate(async () => {
    const canvas = new OffscreenCanvas(640, 360);
    canvas.getContext('2d').fillRect(0, 0, 640, 360);
    return [...new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer())];
  });
  await li.setInputFiles('studio-show-picture [type=file]', { name: 'harvest.png', mimeType: 'image/png', buffer: Buffer.from(png) });
  await li.waitForFunction(() => /^\/i\/\w+\.jpg$/.test(document.querySelector('[name=picture]').value) && document.querySelector('img.shot')?.naturalWidth === 640);
  await fit(li, 'plan a show');
  await li.press('[name=title]', 'Enter');
  await li.waitForSelector('studio-script .none');
  [show] = /[0-9A-Za-z]+$/.exec(li.url());
  const { starts_at, timezone, title } = await api('GET', `/shows/${show}`);
  assert.deepEqual([Date.parse(starts_at), timezone, title], [Date.parse(`${day}T20:00:00+08:00`), 'Asia/Shanghai', 'Harvest 丰收节']);
});

test('a line-up is made by keys alone, and each step is said', async () => {
  await fit(li, 'an empty line-up');
  await li.fill('[name=q]', 'gree');
  await li.waitForFunction(() => document.querySelectorAll('.finder li').length === 1);
  await li.focus('.finder li button');
  await li.keyboard.press('Enter');
  await comes('TEA');
  await li.fill('[name=q]', '');
  for (const sku of ['CORN', 'HONEY']) {
    await li.locator('.finder li', { hasText: sku }).locator('button').press('Enter');
    await line(li, sku).waitFor();
  }
  await comes('TEA CORN HONEY');
  await grip(li, 'HONEY').focus();
  await li.keyboard.press('Alt+ArrowUp');
  await comes('TEA HONEY CORN');
  await says(() => li.innerText('.told'), /Secret honey: line 2 of 3/);
  await until('the focus goes along', () => grip(li, 'HONEY').evaluate((e) => e === document.activeElement));
  await li.keyboard.press('Alt+Home');
  await comes('HONEY TEA CORN');
  await li.keyboard.press('Alt+ArrowUp');
  await says(() => li.innerText('#lineup-said'), /already the first line/);
});

/** Drags with the mouse from one element to the upper or lower half of another. */
async function drag(page, from, to, lower) {
  const [a, b] = [await from.boundingBox(), await to.boundingBox()];
  await page.mouse.move(a.x + 12, a.y + a.height / 2);
  await page.mouse.down();
  await page.mouse.move(b.x + 60, b.y + b.height / 2, { steps: 4 });
  await page.mouse.move(b.x + 60, b.y + b.height * (lower ? 0.8 : 0.2), { steps: 4 });
}

test('lines are dragged by mouse and by finger, also out of the catalogue; Escape leaves all as it was', async () => {
  await drag(li, grip(li, 'HONEY'), line(li, 'CORN'), true);
  if (process.env.SHOTS) await li.screenshot({ path: `${process.env.SHOTS}/dragging.png` });
  await li.mouse.up();
  await comes('TEA CORN HONEY');
  await drag(li, li.locator('.finder li', { hasText: 'RICE' }).locator('.grab'), line(li, 'CORN'), false);
  await li.mouse.up();
  await comes('TEA RICE CORN HONEY');
  await drag(li, grip(li, 'TEA'), line(li, 'HONEY'), true);
  await li.keyboard.press('Escape');
  await li.mouse.up();
  assert.equal(await li.locator('.shows-ghost').count(), 0);
  await comes('TEA RICE CORN HONEY');

  const phone = await open({ email: 'li@shop.example', password: 'corn and tea 1' }, { width: 390, height: 844, locale: 'zh-CN', colorScheme: 'dark', hasTouch: true });
  await go(phone, `shows/${show}`);
  await grip(phone, 'TEA').evaluate((e) => e.scrollIntoView({ block: 'center' }));
  let was;
  await until('what comes later moves the lines no more', async () => was === (was = JSON.stringify(await line(phone, 'RICE').boundingBox())), 15000, 300);
  const [a, b] = [await grip(phone, 'TEA').boundingBox(), await line(phone, 'RICE').boundingBox()];
  const touch = await phone.context().newCDPSession(phone);
  const point = (y) => [{ x: a.x + 12, y }];
  await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: point(a.y + 10) });
  for (const y of [a.y + 30, b.y + b.height / 2, b.y + b.height * 0.9]) await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: point(y) });
  await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  if (process.env.SHOTS) await phone.screenshot({ path: `${process.env.SHOTS}/touched.png` });
  await comes('RICE TEA CORN HONEY');
  await fit(phone, 'a line-up on a phone, in Chinese');

  // A thumb orders it with buttons: the line stays under it, and one undo takes all steps back.
  const down = line(phone, 'RICE').locator('.down');
  await down.evaluate((e) => e.scrollIntoView({ block: 'center' }));
  const at = await down.boundingBox();
  const tap = () => phone.mouse.click(at.x + 20, at.y + 20); // a finger on a busy machine presses for so long that it is no tap
  await tap();
  await comes('TEA RICE CORN HONEY');
  await tap();
  await comes('TEA CORN RICE HONEY');
  assert.ok(Math.abs((await down.boundingBox()).y - at.y) < 2, 'the line goes away from under the thumb');
  await until('the button keeps the focus', () => down.evaluate((e) => e === document.activeElement));
  await says(() => phone.innerText('.told'), /第 3 个，共 4 个/);
  await phone.click('.told button');
  await comes('RICE TEA CORN HONEY');
  await phone.context().close();
});

test('a line has a price, a limit, a label, a note and a time of its own; a large fall is asked once', async () => {
  await line(li, 'CORN').locator('.details').click();
  await li.fill('[name=price]', '4,5,0');
  await li.press('[name=price]', 'Enter');
  assert.match(await li.innerText('.line-form [role=alert]'), /not a price/);
  await li.fill('[name=price]', '29.90');
  await li.fill('[name=most]', '2');
  await li.fill('[name=label]', 'Take a box');
  await li.fill('[name=note]', 'Show the cob.');
  await li.fill('.reveal [name=date]', day);
  await li.fill('.reveal [name=time]', '19:30');
  assert.match(await li.innerText('#reveal-why'), /19:30 China Standard Time/);
  await fit(li, 'the details of a line');
  await li.press('[name=price]', 'Enter');
  assert.match(await li.innerText('.line-form .ask'), /40% below/);
  await fit(li, 'a large fall is asked');
  await li.press('[name=price]', 'Enter');
  await until('the line is saved', async () => (await lines()).find((l) => l.goods.sku === 'CORN').price === 2990);
  const corn = (await lines()).find((l) => l.goods.sku === 'CORN');
  assert.deepEqual([corn.max_per_order, corn.button_label, corn.note, Date.parse(corn.reveal_at)], [2, 'Take a box', 'Show the cob.', Date.parse(`${day}T19:30:00+08:00`)]);
  await li.waitForFunction(() => document.activeElement?.classList.contains('details'));
});

test('a show has so many units of a product, and says what is left and who counts', async () => {
  const form = line(li, 'TEA').locator('studio-units');
  await line(li, 'TEA').locator('.details').click();
  await form.locator('input').fill('many');
  await form.locator('[type=submit]').click();
  assert.match(await form.locator('[role=alert]').innerText(), /whole number/);
  await form.locator('input').fill('12');
  await form.locator('input').press('Enter');
  await li.waitForFunction(() => /12 of 12 left/.test(document.querySelector('.run .units')?.textContent));
  assert.match(await line(li, 'TEA').locator('.units').innerText(), /the shop decides/);
  assert.match(await form.innerText(), /may sell more than this/);
  await fit(li, 'the units of a line');
  if (process.env.SHOTS) await li.screenshot({ path: '/tmp/orders-stock-units.png' });
  assert.equal((await api('GET', `/shows/${show}/allocations`)).items[0].total, 12);
  await form.getByRole('button', { name: /No number/ }).click();
  await until('no units', async () => (await api('GET', `/shows/${show}/allocations`)).items.length === 0);
  await li.waitForFunction(() => !document.querySelector('.run .units'));
  await line(li, 'TEA').locator('.details').click();
});

test('the preview has what viewers get, and nothing that is not revealed', async () => {
  await li.getByRole('button', { name: 'What viewers see' }).click();
  await li.waitForSelector('.phone');
  const seen = () => li.innerText('.beside');
  await says(seen, /counting down to this show[\s\S]*Harvest 丰收节[\s\S]*4 products in the line-up stay hidden/);
  for (const title of ['Corn 玉米', 'honey', 'Rice', 'tea']) assert.ok(!(await seen()).includes(title), title);
  assert.deepEqual((await (await fetch(`${m.http}/c/${show}/lineup.json`)).json()).items, []);
  await fit(li, 'what viewers see now');
  await li.selectOption('[name=moment]', { index: 1 }); // the time at which the corn is revealed
  await li.waitForSelector(`.phone [data-product="${ids.CORN}"]`);
  await says(seen, /Corn 玉米[\s\S]*29\.90[\s\S]*Take a box[\s\S]*3 products/);
  for (const hidden of ['honey', 'Rice', 'Show the cob']) assert.ok(!(await seen()).includes(hidden), hidden);
  await fit(li, 'what viewers see later');
  await li.getByRole('button', { name: 'Add products' }).click();
});

test('two editors see each other, and a change of the same moment is told; both hold', async () => {
  await go(wang, `shows/${show}`);
  await grip(wang, 'HONEY').waitFor();
  // Wang's change is on its way while Li's arrives.
  let sent = 0;
  await wang.route('**/lineup', async (route) => {
    if (route.request().method() === 'PUT' && sent++ === 0) {
      await grip(li, 'HONEY').focus();
      await li.keyboard.press('Alt+Home');
      await comes('HONEY RICE TEA CORN');
    }
    await route.continue();
  });
  await grip(wang, 'CORN').focus();
  await wang.keyboard.press('Alt+ArrowUp');
  await comes('HONEY RICE CORN TEA');
  await wang.waitForSelector('.others');
  await says(() => wang.innerText('.others'), /Li has changed this line-up\.[\s\S]*both are kept[\s\S]*order/);
  await fit(wang, 'somebody else has changed it');
  await wang.click('.others button');
  await li.waitForSelector('.others'); // by the room's events
  await says(() => li.innerText('.others'), /Wang has changed/);
  await li.click('.others button');
  await until('both orders are seen', async () => (await li.locator('.run .line').nth(2).getAttribute('data-product')) === ids.CORN);
});

test('what is typed into a line stays when somebody else changes the same line, and says so', async () => {
  await line(wang, 'TEA').locator('.details').click();
  await wang.fill('[name=note]', 'Smell it first.');
  await wang.fill('[name=price]', '12.00');
  await line(li, 'TEA').locator('.details').click();
  await li.fill('[name=price]', '11.00');
  await li.press('[name=price]', 'Enter');
  await until('Li has saved', async () => (await lines()).find((l) => l.goods.sku === 'TEA').price === 1100);
  await wang.waitForSelector('.others');
  await says(() => wang.innerText('.others'), /12\.50 → .*11\.00/);
  assert.equal(await wang.inputValue('[name=note]'), 'Smell it first.');
  await wang.press('[name=price]', 'Enter');
  await wang.waitForSelector('.clash');
  assert.match(await wang.innerText('.clash'), /Their price: .*11\.00/);
  assert.deepEqual([await wang.inputValue('[name=note]'), await wang.inputValue('[name=price]')], ['Smell it first.', '12.00']);
  assert.equal((await lines()).find((l) => l.goods.sku === 'TEA').price, 1100, 'nothing is overwritten unasked');
  await fit(wang, 'a clash in one line');
  await wang.press('[name=price]', 'Enter');
  await until('Wang has saved', async () => (await lines()).find((l) => l.goods.sku === 'TEA').note === 'Smell it first.');
  assert.equal((await lines()).find((l) => l.goods.sku === 'TEA').price, 1200);
});

test('a plan that somebody else has changed meanwhile is not overwritten unasked', async () => {
  for (const page of [li, wang]) {
    await go(page, `shows/${show}`);
    await page.locator('.about .change').click();
  }
  await wang.fill('[name=title]', 'Harvest 秋收');
  await wang.fill('[name=picture]', '/a.png');
  await li.fill('[name=title]', 'Harvest feast');
  await li.fill('[name=time]', '21:00');
  await li.press('[name=title]', 'Enter');
  await li.waitForSelector('.about');
  await wang.press('[name=title]', 'Enter');
  await wang.waitForSelector('.plan .clash');
  assert.match(await wang.innerText('.plan .clash'), /Li has changed this plan[\s\S]*None of it is saved[\s\S]*“Harvest feast”[\s\S]*21:00/);
  assert.deepEqual([await wang.inputValue('[name=title]'), await wang.inputValue('[name=picture]'), await wang.inputValue('[name=time]')], ['Harvest 秋收', '/a.png', '21:00'], 'what was typed, on top of theirs');
  assert.equal((await api('GET', `/shows/${show}`)).title, 'Harvest feast');
  await fit(wang, 'somebody else has changed the plan');
  await wang.press('[name=title]', 'Enter');
  await wang.waitForSelector('.about');
  const { title, picture, starts_at, by } = await api('GET', `/shows/${show}`);
  assert.deepEqual([title, picture, Date.parse(starts_at), by.name], ['Harvest 秋收', '/a.png', Date.parse(`${day}T21:00:00+08:00`), 'Wang']);
  await api('PATCH', `/shows/${show}`, { title: 'Harvest 丰收节', starts_at: `${day}T20:00:00+08:00`, picture: null }); // no revision: it holds
});

test('a line that is taken out comes back by undo', async () => {
  await line(li, 'RICE').getByRole('button', { name: 'Remove' }).click();
  await comes('HONEY CORN TEA');
  await li.click('.told button');
  await comes('HONEY RICE CORN TEA');
});

test('the next show takes over the line-up of a former one, without its times, and both are in the calendar', async () => {
  await go(li, `shows/new/${day}`);
  await li.waitForSelector('[name=copy]');
  await li.fill('[name=title]', 'Second evening');
  await li.selectOption('[name=copy]', show);
  await li.selectOption('[name=zone]', 'Asia/Shanghai');
  await li.check('[name=rehearsal]');
  await li.press('[name=title]', 'Enter');
  await li.waitForSelector('.run .line');
  const [second] = /[0-9A-Za-z]+$/.exec(li.url());
  assert.equal(await order(second), 'HONEY RICE CORN TEA');
  assert.deepEqual((await lines(second)).map((l) => [l.price, l.reveal_at]), [[undefined, undefined], [undefined, undefined], [2990, undefined], [1200, undefined]]);
  await li.getByRole('button', { name: 'What viewers see' }).click();
  await li.waitForSelector('.phone');
  await says(() => li.innerText('.beside'), /Viewers see nothing of this show[\s\S]*4 products/);
  await fit(li, 'a rehearsal');

  await go(li, `shows/calendar/${day.slice(0, 7)}`);
  await li.waitForSelector('.entry');
  await until('both are there', async () => (await li.locator('.entry').count()) === 2);
  await fit(li, 'the calendar');
  await go(li, 'shows');
  await li.waitForSelector('.group');
  await says(() => li.innerText('.group'), /Coming up[\s\S]*20:00[\s\S]*Shanghai[\s\S]*Harvest[\s\S]*Second evening[\s\S]*Rehearsal/i);
  await fit(li, 'the list');
  await li.getByText('Second evening').click();
  await li.getByRole('button', { name: 'Delete this show' }).click();
  await li.getByRole('button', { name: 'Delete it' }).click();
  await until('it is deleted', async () => (await api('GET', '/shows')).items.length === 1);
});

test('a show that is on air is ended on its page, which asks once', async () => {
  ends(push(await clip(), `${m.rtmp}/${m.key}`), 'kill');
  let live;
  await until('a show is on air', async () => ([live] = (await api('GET', '/shows?state=live')).items).length);
  await go(li, `shows/${live.id}`);
  await li.getByRole('button', { name: 'End the show' }).click();
  assert.match(await li.innerText('.ending .ask'), /Viewers see that it is over[\s\S]*OBS/);
  assert.equal(await li.evaluate(() => document.activeElement.className), 'keep', 'the harmless answer has the focus');
  await fit(li, 'the end is asked');
  assert.equal((await api('GET', `/shows/${live.id}`)).state, 'live');
  await li.getByRole('button', { name: 'End the show' }).click();
  await until('it has ended', async () => (await api('GET', `/shows/${live.id}`)).state === 'ended');
  await li.waitForFunction(() => /has ended/.test(document.querySelector('.told')?.textContent) && !document.querySelector('.ending') && /Ended/.test(document.querySelector('.about .air')?.textContent));
});
