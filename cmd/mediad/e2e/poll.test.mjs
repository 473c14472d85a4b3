// A poll: asked in the dock, seen and answered in the picture, closed with its result; a late viewer and the recording see it, too.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { axe } from './lib/axe.mjs';
import { launch } from './lib/browser.mjs';
import { ends } from './lib/ending.mjs';
import { fit } from './lib/fit.mjs';
import { Mediad, says, until } from './lib/mediad.mjs';
import { clip, push } from './lib/publisher.mjs';

let m, browser;
before(async () => {
  m = ends(await Mediad.start({ config: { hls: { part: '200ms', segment: '1s', window: '6s', reconnect: '60s' } } }));
  browser = ends(await launch());
});

const open = async (path, width, height) => {
  const page = await (await browser.newContext({ viewport: { width, height }, locale: 'en-GB' })).newPage();
  await page.goto(m.http + path);
  return page;
};
const box = (page) => page.locator('mediad-player .poll-box');
const text = async (page) => (await box(page).innerText().catch(() => '')).replace(/\s+/g, ''); // columns have no blank between them
const shot = async (page, name) => process.env.SHOTS && page.screenshot({ path: `${process.env.SHOTS}/${name}.png` });

/** The poll covers neither card nor controls nor what lets people write. */
const free = (page) => page.evaluate(() => {
  const root = document.querySelector('mediad-player').shadowRoot;
  const poll = root.querySelector('.poll-box:not([hidden]), .poll-chip:not([hidden])').getBoundingClientRect();
  return [...root.querySelectorAll('.shelf > *, .controls, .love > *, .top > *, .unmute, .board > *')].filter((e) => {
    const r = e.getBoundingClientRect();
    return r.width && r.height && r.left < poll.right - 1 && r.right > poll.left + 1 && r.top < poll.bottom - 1 && r.bottom > poll.top + 1;
  }).map((e) => e.className);
});

test('a poll from the dock to the picture, and to the recording', async () => {
  await m.api('POST', '/products', { sku: 'CORN', title: 'Sweet corn', price: 4990, currency: 'CNY' });
  const publisher = ends(push(await clip({ seconds: 60, fps: 30, gop: 1 }), `${m.rtmp}/${m.key}`));
  await m.mediaPlaylist();
  assert.equal((await m.api('POST', '/rooms/demo/pins', { product: 'CORN' })).status, 201);
  const show = (await m.api('GET', '/rooms/demo')).body.show.id;
  const host = await open(`/dock/demo#t=${m.token}`, 390, 844);
  const phone = await open('/watch/demo', 390, 844);
  const wide = await open('/watch/demo', 1280, 800);
  for (const page of [phone, wide]) await page.evaluate(() => document.addEventListener('mediad:poll', (e) => (window.told ??= []).push(e.detail)));
  for (const page of [phone, wide]) await page.locator('mediad-player .card.big').waitFor();

  await host.click('.poll-new');
  await host.fill('[name=poll-question]', 'Which tea do we open next?');
  await host.fill('[name=poll-option-0]', 'Green');
  await host.fill('[name=poll-option-1]', 'Black');
  await fit(host, 'the form of a poll');
  await host.keyboard.press('Enter');
  await host.waitForSelector('mediad-polls .poll[data-state=open]');

  for (const page of [phone, wide]) await box(page).getByRole('radio', { name: 'Green' }).waitFor();
  assert.doesNotMatch(await text(phone), /%/, 'the votes of others stand there before the own one');
  for (const page of [phone, wide]) await until('it covers nothing', async () => !(await free(page)).length);
  assert.deepEqual(await axe(phone), []);
  await shot(phone, 'poll-phone');
  await box(phone).getByRole('radio', { name: 'Green' }).click();
  await says(() => text(phone), /Green100%.*Yourvote:Green1vote/);
  // By keyboard, and chosen anew.
  await box(wide).getByRole('radio', { name: 'Green' }).focus();
  await wide.keyboard.press('Enter');
  await says(() => text(wide), /Yourvote:Green2votes/);
  await wide.keyboard.press('ArrowDown');
  await wide.keyboard.press('Enter');
  await says(() => text(wide), /Green50%.*Black50%.*Yourvote:Black2votes/);
  await says(() => text(phone), /Green50%.*Black50%.*Yourvote:Green2votes/);
  await until('it covers nothing', async () => !(await free(phone)).length);
  assert.deepEqual(await axe(wide), []);
  await says(() => host.innerText('mediad-polls .poll'), /2 votes/);
  assert.ok((await host.locator('.poll-bars li').first().boundingBox()).height > 24, 'the bars have no room for their words');
  await fit(host, 'an open poll');
  await shot(phone, 'poll-voted-phone');
  await shot(wide, 'poll-voted-wide');

  // A phone on its side, put aside and shown again.
  const late = await open('/watch/demo', 844, 390);
  await late.locator('mediad-player .poll').waitFor();
  await until('it covers nothing', async () => !(await free(late)).length);
  await shot(late, 'poll-side');
  const chip = late.locator('mediad-player .poll-chip');
  await late.locator('mediad-player').getByRole('button', { name: /the poll/ }).first().click();
  await late.locator('mediad-player').getByRole('button', { name: /the poll/ }).first().click();
  if (await chip.isVisible()) await chip.click();
  await box(late).getByRole('radio', { name: 'Black' }).waitFor();

  await host.click('.poll-close');
  await Promise.all([phone, wide, late].map((page) => says(() => text(page), /Green50%.*Black50%.*Result2votes/))); // it stands there for some seconds
  await shot(phone, 'poll-result-phone');
  await box(phone).waitFor({ state: 'detached' }); // it goes by itself
  const told = await phone.evaluate(() => window.told);
  assert.deepEqual([told[0].kind, told.at(-1)], ['open', { show, poll: told[0].poll, kind: 'close', option: 0, votes: [1, 1] }]);
  assert.deepEqual(told.find((d) => d.kind === 'vote'), { show, poll: told[0].poll, kind: 'vote', option: 0, votes: [1, 0] });

  // Two hosts take turns: one tap hands the show over, another one takes that back, and the other dock sees it.
  const hosts = await Promise.all(['Wang', 'Chen'].map(async (name) => (await m.api('POST', '/hosts', { name, commission_bp: 1000 })).body.id));
  assert.equal((await m.api('PUT', `/shows/${show}/hosts`, { hosts })).status, 200);
  const presenting = async () => (await m.api('GET', `/shows/${show}/hosts`)).body.presenting;
  const tap = (name) => host.locator('mediad-hosts').getByRole('button', { name, exact: true }).click();
  await tap('Wang');
  await until('Wang presents', async () => (await presenting()) === hosts[0]);
  await tap('Chen');
  await host.locator('mediad-hosts [aria-pressed=true]', { hasText: 'Chen' }).waitFor();
  assert.equal(await presenting(), hosts[1]);
  await fit(host, 'hosts who take turns', { controls: 'mediad-hosts button', least: 43.9 });
  assert.deepEqual(await axe(host), []);
  if (process.env.SHOTS) await shot(host, 'hosts');
  await host.locator('mediad-hosts .undo').click();
  await until('it was taken back', async () => (await presenting()) === hosts[0]);

  await publisher.kill();
  assert.equal((await m.api('POST', '/rooms/demo/end')).status, 200);
  await m.offAir();
  for (const page of [phone, wide, late]) assert.deepEqual(await page.context().cookies(), [], 'a vote needs no cookie');
  const replay = await open(`/watch/demo?show=${show}`, 1280, 800);
  await box(replay).waitFor({ timeout: 40000 });
  assert.match(await text(replay), /Whichteadoweopennext\?.*Green50%.*Black50%.*Result2votes/);
  assert.equal(await box(replay).getByRole('radio').count(), 0, 'a recording takes votes');
  const { body } = await m.api('GET', `/shows/${show}/report`);
  assert.deepEqual(body.presenters.map((h) => h.name), ['Wang']);
  assert.deepEqual(body.polls.map((p) => [p.question, p.votes, p.state]), [['Which tea do we open next?', [1, 1], 'closed']]);
});
