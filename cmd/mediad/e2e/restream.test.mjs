// Other platforms: the dock and the studio tell how each target of a room is, and start and stop it.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { launch } from './lib/browser.mjs';
import { ends } from './lib/ending.mjs';
import { fit } from './lib/fit.mjs';
import { freePort, Mediad, says, until } from './lib/mediad.mjs';
import { clip, push } from './lib/publisher.mjs';

const rule = { controls: '.push button', least: 43.9 };

let m, platform, browser;
before(async () => {
  platform = ends(await Mediad.start()); // what YouTube is elsewhere
  const hole = createServer(() => {}).listen(0, '127.0.0.1'); // takes connections and reads nothing
  ends({ stop: () => hole.close() });
  await until('the hole is open', () => hole.listening);
  const target = (name, url, key_env, enabled) => ({ name, url, key_env, enabled });
  m = ends(await Mediad.start({
    env: { RIGHT_KEY: platform.key, WRONG_KEY: 'no-such-key-of-a-platform' },
    config: {
      rooms: [{
        slug: 'demo', stream_key: 'e2e-stream-key-0123456789', title: 'Corn Town 玉米',
        push: [
          target('youtube', platform.rtmp, 'RIGHT_KEY', true),
          target('douyin', platform.rtmp, 'WRONG_KEY', true),
          target('facebook', `rtmp://127.0.0.1:${await freePort()}/rtmp`, 'WRONG_KEY', true),
          target('twitch', platform.rtmp, 'RIGHT_KEY', false),
        ],
      }, { slug: 'tea', title: 'Tea' }],
    },
  }));
  browser = ends(await launch());
});

const live = async () => (await platform.api('GET', '/rooms/demo')).body.live;
const text = (page, name) => () => page.locator(`[data-target=${name}]`).textContent();

test('the dock shows how targets are, and one tap stops and starts them', async () => {
  const page = await (await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'en-GB' })).newPage();
  await page.goto(`${m.http}/dock/demo#t=${m.token}`);
  await says(text(page, 'youtube'), /Waits for the show/);
  await says(text(page, 'twitch'), /Off/);
  ends(await push(await clip(), `${m.rtmp}/${m.key}`));
  await says(text(page, 'youtube'), /Live since \d\d:\d\d/);
  await says(text(page, 'douyin'), /Not live.*did not take the stream key.*NetStream\.Publish/s);
  await says(text(page, 'facebook'), /Nothing listens/);
  await until('the platform has it', live);
  await fit(page, 'dock with targets', rule);
  await page.setViewportSize({ width: 1280, height: 900 });
  await fit(page, 'dock with targets, wide', rule);

  await page.locator('[data-target=youtube] .push-stop').click();
  await says(text(page, 'youtube'), /Off/);
  await until('the platform heard the end', async () => !(await live()));
  assert.equal(await page.evaluate(() => document.activeElement.className), 'push-start', 'the focus stays at the target');
  await page.keyboard.press('Enter');
  await says(text(page, 'youtube'), /Live since/);
  await until('the platform has it again', live);
  assert.ok(!(await page.content()).includes(platform.key), 'no key is in the page');
  await page.context().close();
});

test('who may not run the room sees states and has no button, and a room without targets has no panel', async () => {
  const token = (await m.api('POST', '/tokens', { name: 'help', role: 'assistant', rooms: ['demo', 'tea'] })).body.token;
  const page = await (await browser.newContext({ locale: 'zh-CN', colorScheme: 'dark' })).newPage();
  await page.goto(`${m.http}/dock/demo#t=${token}`);
  await says(text(page, 'youtube'), /转播中/);
  assert.equal(await page.locator('.push button').count(), 0);
  await fit(page, 'dock of an assistant, in Chinese and dark', rule);
  await page.goto(`${m.http}/dock/tea#t=${token}`);
  await page.reload();
  await page.waitForSelector('.dock[data-state=sync]');
  assert.equal(await page.locator('.push').count(), 0);
  await page.context().close();
});

test('the studio lists the targets in the room', async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' });
  assert.ok((await context.request.post(`${m.http}/api/v1/session`, { data: { token: m.token, email: 'li@shop.example', password: 'corn and tea 1', name: 'Li' } })).ok());
  const page = await context.newPage();
  await page.goto(`${m.http}/studio#/rooms/demo`);
  await says(text(page, 'youtube'), /Live since/);
  await says(() => page.locator('.push').textContent(), /server’s configuration/);
  await fit(page, 'room of the studio with targets', rule);
  await page.locator('[data-target=twitch] .push-start').click();
  await says(text(page, 'twitch'), /Live since|Not live|Connecting/);
  await page.goto(`${m.http}/studio#/rooms/tea`);
  await says(() => page.locator('.push').textContent(), /you stream once/);
  await page.context().close();
});
