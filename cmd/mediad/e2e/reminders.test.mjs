// A reminder: booked on the page before a show, confirmed by a letter, told once when the show begins, counted where its reader comes,
// and left by one click.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { axe } from './lib/axe.mjs';
import { launch } from './lib/browser.mjs';
import { ends } from './lib/ending.mjs';
import { fit } from './lib/fit.mjs';
import { MailServer } from './lib/mail.mjs';
import { Mediad, freePort, until } from './lib/mediad.mjs';
import { clip, push } from './lib/publisher.mjs';
import { playerIs } from './lib/watching.mjs';

let m, browser, mail, show;
before(async () => {
  mail = ends(await MailServer.start());
  const httpPort = await freePort();
  m = ends(await Mediad.start({ httpPort, http: { public_url: `http://127.0.0.1:${httpPort}` }, config: { smtp: { server: mail.address, tls: 'none', from: 'Corn shop <no-reply@shop.example>' } } }));
  browser = ends(await launch());
  const starts = new Date(Date.now() + 3600_000).toISOString();
  const made = await m.api('POST', '/shows', { room: 'demo', title: 'Harvest evening', starts_at: starts });
  assert.equal(made.status, 201);
  show = made.body.id;
});

const open = async (url, locale = 'en-GB') => {
  const page = await (await browser.newContext({ viewport: { width: 390, height: 844 }, locale })).newPage();
  await page.goto(url);
  return page;
};
const counts = async () => (await m.api('GET', `/shows/${show}/reminders`)).body;
const links = (letter) => [...letter.text.matchAll(/https?:\/\/\S+/g)].map((u) => u[0]);

/** Books on the page, and gives the letter that asks. */
async function books(page, address) {
  await page.locator('.remind > button').first().click();
  await page.locator('.remind [name=mail]').fill(address);
  await page.keyboard.press('Enter');
  await page.locator('.remind [role=status]', { hasText: /Look into your e-mail|请查收邮件/ }).waitFor();
  return mail.next(address);
}

let letter, told;
test('a viewer books on the page, and confirms by the button of a letter', async () => {
  const page = await open(`${m.http}/watch/demo`);
  await playerIs(page, 'before');
  await page.locator('.remind > button').first().click();
  await page.locator('.remind [name=mail]').fill('not an address');
  await page.keyboard.press('Enter');
  await page.locator('.remind [role=status]', { hasText: 'Give an e-mail address' }).waitFor();
  await fit(page, 'booking', { controls: '.remind button, .remind input', least: 43.9 });
  assert.deepEqual(await axe(page), []);
  await page.reload();
  letter = await books(page, 'mei@mail.example');
  assert.deepEqual(await page.context().cookies(), []);
  assert.match(letter.text, /Harvest evening/);
  assert.equal((await counts()).confirmed, 0);
  const ask = links(letter).find((u) => /\/r\/[^/]+$/.test(u));
  await page.goto(ask); // a program that looks into mail does this, too
  assert.equal((await counts()).confirmed, 0, 'a link alone does nothing');
  assert.deepEqual(await axe(page), []);
  await page.locator('form button').click();
  await page.locator('h1', { hasText: 'We will tell you when it begins' }).waitFor();
  assert.equal((await counts()).confirmed, 1);
});

test('who changes their mind leaves by one click, and gets no other letter', async () => {
  const page = await open(`${m.http}/watch/demo`, 'zh-CN');
  const asked = await books(page, 'wang@mail.example');
  await page.goto(links(asked).find((u) => /\/r\/[^/]+$/.test(u)));
  await page.locator('form button').click();
  await until('both are confirmed', async () => (await counts()).confirmed === 2);
  const leave = /List-Unsubscribe:\s*<([^>]+)>/i.exec(asked.raw)?.[1];
  assert.match(asked.raw, /List-Unsubscribe-Post: List-Unsubscribe=One-Click/i);
  const answer = await fetch(leave, { method: 'POST', headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: 'List-Unsubscribe=One-Click' });
  assert.equal(answer.status, 200);
  assert.equal((await fetch(links(asked).find((u) => /\/r\/[^/]+$/.test(u)))).status, 404, 'nothing is kept');
});

test('a browser books, knows it when it comes again, and leaves by a button', async () => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'en-GB', permissions: ['notifications'] });
  // The push services of browsers cannot be reached from here: their part alone is played.
  await context.addInitScript(() => {
    Notification.requestPermission = () => Promise.resolve('granted');
    const way = { toJSON: () => ({ endpoint: 'https://push.example.com/way/1', keys: { p256dh: 'BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM', auth: 'tBHItJI5svbpez7KI4CCXg' } }) };
    PushManager.prototype.subscribe = () => Promise.resolve(way);
    PushManager.prototype.getSubscription = () => Promise.resolve(way);
  });
  const page = await context.newPage();
  await page.goto(`${m.http}/watch/demo`);
  const before = (await counts()).confirmed;
  await page.locator('.remind > button').first().click();
  await page.locator('.remind button', { hasText: 'Remind me on this device' }).click();
  await page.locator('.remind [role=status]', { hasText: 'This device tells you' }).waitFor();
  assert.equal((await counts()).confirmed, before + 1);
  await page.reload();
  await page.locator('.remind [role=status]', { hasText: 'This device tells you' }).waitFor();
  const leave = page.locator('.remind button', { hasText: 'Do not remind me' });
  await leave.waitFor();
  await fit(page, 'booked', { controls: '.remind button', least: 43.9 });
  assert.deepEqual(await axe(page), []);
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/booked.png` });
  await leave.click();
  await page.locator('.remind [role=status]', { hasText: 'Your reminder is erased' }).waitFor();
  await page.locator('.remind > button', { hasText: 'Remind me' }).first().waitFor();
  assert.deepEqual(await context.cookies(), []);
  await page.reload();
  await page.locator('.remind > button', { hasText: 'Remind me' }).first().waitFor();
  assert.ok(await leave.isHidden());
});

test('a host sees how many want to be told, and may offer it no more', async () => {
  const page = await (await browser.newContext({ locale: 'en-GB' })).newPage();
  await page.goto(`${m.http}/studio#setup=${m.token}`);
  for (const [name, value] of Object.entries({ shop: 'Corn town', name: 'Li', email: 'li@shop.example', password: 'corn and tea 1' })) await page.fill(`[name=${name}]`, value);
  await page.keyboard.press('Enter');
  await page.waitForSelector('.studio');
  await page.goto(`${m.http}/studio#/shows/${show}`);
  await page.locator('show-reminders', { hasText: '3 asked for a reminder, 3 of them confirmed it.' }).waitFor();
  assert.deepEqual(await axe(page), []);
  await page.locator('show-reminders [name=reminders]').uncheck();
  await until('it is off', async () => !(await counts()).open);
  const late = await fetch(`${m.http}/c/${show}/reminders`, { method: 'POST', body: '{"mail":"late@mail.example","lang":"en"}' });
  assert.equal(late.status, 409);
  await page.locator('show-reminders [name=reminders]').check();
  await until('it is on again', async () => (await counts()).open);
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/reminders-studio.png` });
});

test('the show begins: the contact is told once, comes by the link, and counts as a show-up', async () => {
  ends(push(await clip({ seconds: 60, fps: 30, gop: 1 }), `${m.rtmp}/${m.key}`));
  told = await mail.next('mei@mail.example');
  assert.match(told.text, /Harvest evening/);
  const page = await open(links(told).find((u) => u.includes('/watch/demo?r=')));
  await playerIs(page, 'live');
  await until('it is counted', async () => (await counts()).came === 1);
  await page.reload();
  await playerIs(page, 'live');
  const { rates, told: n } = await counts();
  assert.equal(n, 1);
  assert.deepEqual(rates.map((r) => [r.name, r.value, r.numerator, r.denominator]), [['show_up', 1, 1, 1]]);
  assert.deepEqual(mail.letters, [], 'nobody got another letter');
  assert.deepEqual(await page.context().cookies(), [], 'a reminder needs no cookie');
});

test('the show ends: contacts are erased, the counts and the report stay', async () => {
  assert.equal((await m.api('POST', '/rooms/demo/end')).status, 200);
  const after = await counts();
  assert.equal(after.came, 1);
  const report = await m.api('GET', `/shows/${show}/report`);
  assert.match(JSON.stringify(report.body), /"show_up"/);
  await until('the link leads to nothing any more', async () => (await fetch(links(letter).find((u) => /\/r\/[^/]+$/.test(u)))).status === 404);
});
