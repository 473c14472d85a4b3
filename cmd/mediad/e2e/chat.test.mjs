// The chat of a show: viewers write and read, over the picture, in its sheet and beside it; hosts answer and moderate in
// docks that see each other's acts; and the recording shows each comment at its moment.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { axe } from './lib/axe.mjs';
import { launch } from './lib/browser.mjs';
import { ends } from './lib/ending.mjs';
import { fit } from './lib/fit.mjs';
import { Mediad, until } from './lib/mediad.mjs';
import { clip, push } from './lib/publisher.mjs';

let m, browser, publisher, show, phone, desk, host, second;
before(async () => {
  m = ends(await Mediad.start());
  browser = ends(await launch());
});

const controls = 'button, select, a, .chat-tick, input:not([type=checkbox])'; // the label of a tick is pressed, too
const open = async (path, width, height, locale = 'en-GB') => {
  const page = await (await browser.newContext({ viewport: { width, height }, locale })).newPage();
  await page.goto(m.http + path);
  return page;
};
/** What the chat of a page of viewers shows, as text. */
const read = (page, part = '.list') => page.evaluate((p) => {
  const talk = document.querySelector('mediad-talk') ?? document.querySelector('mediad-player')?.shadowRoot?.querySelector('mediad-talk');
  return talk?.shadowRoot.querySelector(p)?.textContent ?? '';
}, part);
const says = (page, what, part) => until(`${what} in ${part ?? 'the list'}`, async () => what.test(await read(page, part)), 20000);
const talk = (page) => page.locator('mediad-talk');
const write = async (page, text, name) => {
  if (name) await talk(page).locator('[name=name]').fill(name);
  await talk(page).locator('[name=text]').fill(text);
  await page.keyboard.press('Enter');
};
const line = (page, text) => page.locator('.chat-log li', { hasText: text }).first();
const act = async (page, text, deed) => {
  const item = line(page, text);
  if ((await item.locator('.chat-acts').count()) === 0) await item.locator('.chat-line').click();
  await item.locator(`.chat-${deed}`).click();
};

test('two viewers chat, on a phone and beside the picture', async () => {
  publisher = ends(push(await clip({ seconds: 150, fps: 30, gop: 1 }), `${m.rtmp}/${m.key}`));
  await m.mediaPlaylist();
  show = (await (await fetch(`${m.http}/c/room/demo.json`)).json()).show;
  phone = await open('/watch/demo', 390, 844);
  desk = await open('/watch/demo', 1280, 860);
  await talk(phone).locator('.pill').waitFor();
  assert.deepEqual(await axe(phone), [], 'the button of the chat');
  await talk(phone).locator('.pill').click();
  await talk(phone).locator('[name=name]').waitFor();
  await until('the open chat has room for comments', () => phone.evaluate(() => document.querySelector('mediad-player').shadowRoot.querySelector('mediad-talk').shadowRoot.querySelector('.log').clientHeight > 150));
  await write(phone, 'Is the corn sweet?', 'Mei');
  await says(phone, /Mei.*Is the corn sweet\?/);
  await says(desk, /Mei.*Question.*Is the corn sweet\?/);
  await write(desk, 'I had it last week', 'Otto');
  await says(phone, /Otto.*I had it last week/);
  assert.match(await read(phone, '.own'), /You write as Mei/, 'the name is asked once');
  await fit(phone, 'the sheet of the chat on a phone');
  await fit(desk, 'the chat beside the picture');
  // Keys of the chat are not the player's, and Escape leads back.
  await phone.keyboard.press('Escape');
  await until('the sheet has closed', async () => (await talk(phone).locator('.panel').isHidden()));
  await write(desk, 'The second harvest, too');
  await says(phone, /The second harvest/, '.bubbles');
  assert.ok(await talk(phone).locator('.pill').evaluate((e) => e === e.getRootNode().activeElement), 'the focus is back on the button');
  await talk(desk).locator('.like').first().click();
  await until('a like counts', async () => (await (await fetch(`${m.http}/c/${show}/chat?sort=liked`)).json()).comments[0]?.likes === 1, 20000);
});

test('a host answers, marks and pins, and all see it at once', async () => {
  host = await open(`/dock/demo#t=${m.token}`, 1280, 860);
  second = await open(`/dock/demo#t=${m.token}`, 390, 844);
  await line(second, 'Is the corn sweet').waitFor();
  await act(host, 'Is the corn sweet', 'reply');
  await host.fill('[name=chat-text]', 'Very: we picked it this morning');
  await host.keyboard.press('Enter');
  await says(desk, /Host.*In reply to Mei: Is the corn sweet\?.*we picked it this morning/);
  await says(desk, /Mei.*Answered.*Is the corn sweet/);
  await line(second, 'we picked it this morning').waitFor();
  await act(host, 'we picked it', 'pin');
  await says(desk, /Pinned by the host.*we picked it/, '.pinned');
  await second.locator('.chat-log li[data-pinned]', { hasText: 'we picked it' }).waitFor();
  await act(second, 'I had it last week', 'delete');
  await until('viewers do not see it any more', async () => !/I had it last week/.test(await read(desk)), 20000);
  await host.locator('.chat-log li[data-state=deleted]').waitFor();
  await second.click('.chat-undo');
  await says(desk, /I had it last week/);
  await fit(host, 'the chat in the dock', { controls });
  await fit(second, 'the chat in the dock of a phone', { controls });
});

test('a viewer is muted, and another one is seen by nobody else', async () => {
  await act(second, 'Is the corn sweet', 'mute5');
  await second.locator('.chat-did', { hasText: 'Muted: Mei' }).waitFor();
  await talk(phone).locator('.pill').click();
  await write(phone, 'Hello again');
  await says(phone, /does not let you write now.*min/, '.why');
  assert.equal(await talk(phone).locator('[name=text]').inputValue(), 'Hello again', 'the text is kept');
  await act(host, 'I had it last week', 'hide');
  await host.locator('.chat-did', { hasText: 'Only Otto sees' }).waitFor();
  await write(desk, 'Buy elsewhere');
  await says(desk, /Buy elsewhere/);
  await line(host, 'Buy elsewhere').waitFor();
  await host.click('.chat-settings summary');
  await host.locator('[data-muted]', { hasText: 'Mei' }).locator('button').click();
  await until('Mei may write again', async () => (await host.locator('[data-muted]', { hasText: 'Mei' }).count()) === 0);
  await write(phone, 'Thank you');
  await says(desk, /Thank you/);
  assert.doesNotMatch(await read(phone), /Buy elsewhere/, 'others see what is in the shadow');
});

test('slow mode, links, words and a closed chat are told in words', async () => {
  await host.locator('[name=chat-words]').fill('cheap');
  await host.locator('.chat-words button').click();
  await until('the word is kept', async () => (await m.api('GET', `/shows/${show}/chat/settings`)).body.words.includes('cheap'));
  const refused = async (text, why) => { await talk(phone).locator('[name=text]').fill(''); await write(phone, text); await says(phone, why, '.why'); };
  await refused('So cheap', /A word in it is not allowed/);
  await refused('see https://spam.example/x', /Links are not allowed/);
  await host.selectOption('[name=chat-slow]', '30');
  await until('slow mode is on', async () => (await m.api('GET', `/shows/${show}/chat/settings`)).body.slow === 30);
  await refused('And another', /Slow mode: you can write again in \d+ s/);
  await host.uncheck('[name=chat-open]');
  await says(phone, /The chat is closed/, '.closed');
  await host.check('[name=chat-open]');
  await talk(phone).locator('form').waitFor();
  await fit(host, 'the settings of the chat', { controls });
});

test('a recording has the comments at their moments', async () => {
  await publisher.stop();
  await m.api('POST', '/rooms/demo/end');
  const all = (await (await fetch(`${m.http}/c/${show}/chat`)).json()).comments;
  const [asked, thanks] = ['Is the corn sweet?', 'Thank you'].map((text) => all.find((c) => c.text === text).at);
  await until('there is a recording', async () => (await fetch(`${m.http}/vod/${show}/index.m3u8`)).ok, 30000);
  const late = await open(`/watch/demo?show=${show}`, 1280, 860);
  await until('it plays', () => late.evaluate(() => document.querySelector('mediad-player')?.dataset.state === 'replay' && document.querySelector('mediad-player').programme.moment > 0), 20000);
  const go = (date) => late.evaluate((to) => { const p = document.querySelector('mediad-player'); const { at, moment } = p.programme; p.goTo({ at: Math.max(0, at + (to - moment) / 1000) }); }, date * 1000);
  await go((asked + thanks) / 2);
  await says(late, /Is the corn sweet\?/);
  assert.doesNotMatch(await read(late), /Thank you/, 'it comes at its moment');
  await go(thanks + 2);
  await says(late, /Thank you/);
  await go(asked - 2);
  await until('further back it has not been said', async () => !/corn sweet/.test(await read(late)));
  assert.match(await read(late, '.closed'), /The show has ended/);
  await fit(late, 'the chat of a recording');
});

test('viewers read what is kept of them, for how long, and whom to ask; nothing of it needs a cookie', async () => {
  const { body: { org } } = await m.api('GET', '/rooms/demo');
  assert.equal((await m.api('PUT', `/orgs/${org}/retention`, { days: { comments: 31 }, contact: 'ask@corn.example' })).status, 200);
  for (const [page, head, comments] of [[phone, 'Your data', /31 days after the show/], [desk, '您的数据', /直播结束后 31 天/]]) {
    await page.goto(`${m.http}/watch/demo${page === desk ? '?lang=zh' : ''}`);
    await page.locator('.foot a').click();
    if (page === desk) await page.goto(`${m.http}/privacy/demo?lang=zh`);
    await page.getByRole('heading', { level: 1, name: head }).waitFor();
    assert.match(await page.innerText('dl'), comments);
    assert.equal(await page.getAttribute('.ask', 'href'), 'mailto:ask@corn.example');
    await fit(page, 'what is kept of viewers');
    assert.deepEqual(await axe(page), [], 'what is kept of viewers');
  }
  for (const viewer of [phone, desk]) assert.deepEqual(await viewer.context().cookies(), [], 'who watched, wrote, liked and was muted');
});
