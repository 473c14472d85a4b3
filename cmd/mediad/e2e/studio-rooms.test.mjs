// Rooms in the studio: an owner opens one, copies server and key, and the page says that the stream arrives; of twelve rooms the one in trouble stands first.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { launch } from './lib/browser.mjs';
import { ends } from './lib/ending.mjs';
import { fit as fitIn, fits } from './lib/fit.mjs';
import { Mediad, says, sleep, until } from './lib/mediad.mjs';
import { clip, push } from './lib/publisher.mjs';
import { card } from './lib/watching.mjs';

let m, browser, owner, publisher, shownAt;
before(async () => {
  m = ends(await Mediad.start());
  browser = ends(await launch());
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' });
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: m.http });
  owner = await context.newPage();
});

const rule = { controls: '#content button, #content input:not([type=radio], [type=checkbox]), #content select, #content .button', least: 43.9, tallAlone: true };

/** A state is fit for everybody, on a small phone and on a desk. */
async function fit(state) {
  await owner.setViewportSize({ width: 320, height: 900 });
  await fits(owner, `${state} at 320 px`, rule);
  await owner.setViewportSize({ width: 1280, height: 900 });
  await fitIn(owner, state, rule);
}

const clipboard = () => owner.evaluate(() => navigator.clipboard.readText());

test('a farmer with three products is on air with a card in ten minutes', async () => {
  const begun = Date.now();
  let deeds = 0; // things to do, each of which takes somebody twenty seconds at the most
  const doing = async (what) => { deeds++; return what; };
  const click = async (where) => doing(await owner.click(where));
  const fill = async (where, text) => doing(await owner.fill(where, text));
  const copy = async (where, before) => {
    await click(where);
    return until('it is copied', async () => { const text = await clipboard(); return text !== before && text; });
  };
  await doing(await owner.goto(`${m.http}/studio#setup=${m.token}`)); // the address that the first start has printed
  await fill('[name=shop]', 'Corn town');
  await fill('[name=name]', 'Li');
  await fill('[name=email]', 'li@shop.example');
  await fill('[name=password]', 'corn and tea 1');
  await click('form .loud');
  await owner.waitForSelector('studio-home .steps li'); // what comes next
  await fit('the first page');
  assert.match(await owner.innerText('studio-home .steps'), /Add your products[\s\S]*Connect your camera[\s\S]*Plan a show/);
  await click('.nav [href="#/catalogue"]');
  await click('catalogue-intake textarea');
  await doing(await owner.keyboard.insertText('APPLE\tApples 5 kg\t49.90\nPLUM\tPlums\t12.50\nPEAR\tPears\t9'));
  await doing(await owner.selectOption('catalogue-intake [name=currency]', 'CNY'));
  await click('catalogue-intake .loud');
  await click('text=Add 3 new');
  await owner.waitForSelector('text=Done. Your catalogue is up to date.');
  await click('.nav [href="#/rooms"]');
  await click('[data-room=demo] h2 a');
  const server = await copy('.server + studio-copy button', '');
  await click('.get-key');
  const key = await copy('studio-connect studio-secret .copy', server);
  deeds += 3; // in OBS: to paste both, and to start
  const encoder = ends(push(await clip({ gop: 1 }), `${server}/${key}`), 'kill');
  await owner.waitForFunction(() => /We see your picture/.test(document.querySelector('.live .verdict')?.innerText));
  const [dock] = await Promise.all([owner.waitForEvent('popup'), click('.head a.loud[href$="/dock/demo"]')]);
  await dock.waitForSelector('.dock[data-state=sync]');
  await dock.keyboard.press('/');
  await doing(await dock.keyboard.type('apple'));
  await dock.keyboard.press('Enter');
  await doing(await dock.keyboard.press('p'));
  const phone = await browser.newPage({ viewport: { width: 390, height: 844 } });
  await phone.goto(`${m.http}/watch/demo`);
  await until('the card is on the phone', async () => /Apples 5 kg[\s\S]*49\.90/.test((await card(phone))?.text ?? ''), 25000);
  const seconds = (Date.now() - begun) / 1000 + 20 * deeds;
  assert.ok(seconds < 600, `${deeds} things to do, ${Math.round(seconds)} s`);
  await phone.close();
  await dock.close();
  await encoder.kill();
  assert.equal((await m.api('POST', '/rooms/demo/end')).status, 200);
  await m.api('DELETE', '/rooms/demo/pins/APPLE');
});

test('an owner opens a room by keys alone', async () => {
  await owner.click('.back');
  await owner.waitForSelector('[data-room=demo]');
  await owner.focus('.head .loud');
  await owner.keyboard.press('Enter');
  await owner.waitForSelector('studio-open-room');
  await owner.keyboard.type('Corn & Käse');
  assert.equal(await owner.inputValue('[name=slug]'), 'corn-kase');
  await fit('a new room');
  await owner.focus('[name=title]');
  await owner.keyboard.press('Enter');
  await owner.waitForSelector('studio-connect');
  assert.equal(await owner.evaluate(() => location.hash), '#/rooms/corn-kase');
  await says(() => owner.innerText('.screen'), /Waiting for your picture/);
  await fit('nothing arrives yet');
});

test('with the server and the key that were copied, the page says that the picture arrives, and shows it', async () => {
  await owner.click('.server + studio-copy button');
  const server = m.rtmp;
  await until('the server is copied', async () => (await clipboard()) === server); // it still has what was copied before
  assert.doesNotMatch(await owner.innerText('studio-connect'), /[A-Z0-9]{20}/, 'the key is shown before anybody asks for it');
  await owner.click('.get-key');
  await owner.click('studio-connect studio-secret .copy');
  const key = await until('the key is copied', async () => { const text = await clipboard(); return text !== server && text; });
  assert.ok(!(await owner.innerText('studio-connect')).includes(key), 'the key is shown, though it was only copied');
  publisher = ends(push(await clip(), `${server}/${key}`), 'kill');
  await owner.waitForFunction(() => /We see your picture/.test(document.querySelector('.live .verdict')?.innerText));
  const followed = [];
  owner.on('request', (r) => /preview=1/.test(r.url()) && /_HLS_msn/.test(r.url()) && followed.push(r.url()));
  const frame = owner.frameLocator('.live iframe');
  await until('the picture plays', () => frame.locator('video').evaluate((v) => v.currentTime > 0 && v.videoWidth > 0).catch(() => false));
  await until('its preview follows the stream', () => followed.length > 8);
  assert.equal((await m.api('GET', '/rooms/corn-kase')).body.viewers, 0, 'a preview is no viewer');
  await owner.waitForFunction(() => /640 × 360 · 30 fps · [\d.]+ Mb\/s/.test(document.querySelector('.numbers')?.innerText));
  await owner.click('.phone button');
  await owner.waitForSelector('.code svg');
  await owner.click('.all summary');
  await says(() => owner.innerText('.all'), /Keyframe interval[\s\S]*Dropped frames[\s\S]*Sound against picture|Sound against picture[\s\S]*Dropped frames/);
  await fit('on air');
  await owner.click('.phone button');
});

test('a product is shown, for the recording', async () => {
  await m.api('POST', '/products', { sku: 'CORN', title: 'Sweet corn', price: 1290, currency: 'EUR', link: 'https://shop.example/corn' });
  assert.equal((await m.api('POST', '/rooms/corn-kase/pins', { product: 'CORN' })).status, 201);
  const { show } = (await m.api('GET', '/rooms/corn-kase')).body;
  const { id } = (await m.api('GET', '/products/CORN')).body;
  const beacon = JSON.stringify({ viewer: '8f3a61c07be4d215', watched: 10, impressions: [id] });
  assert.equal((await fetch(`${m.http}/c/${show.id}/beat`, { method: 'POST', body: beacon })).status, 200);
  assert.equal((await fetch(`${m.http}/go/${show.id}/${id}`, { redirect: 'manual' })).status, 302);
  shownAt = Date.now();
});

test('the code for a page of one’s own is shown as it will look', async () => {
  await owner.selectOption('[name=theme]', 'dark');
  await owner.click('.embed studio-copy button');
  await until('the code is copied', async () => (await clipboard()) === `<script type="module" src="${m.http}/embed.js"></script>\n<mediad-player room="corn-kase" theme="dark"></mediad-player>`);
  await owner.click('.preview');
  assert.match(await owner.innerText('studio-hosts'), /Li\s+owner[\s\S]*/i);
  assert.equal(await owner.frameLocator('iframe.shop').locator('mediad-player').getAttribute('theme'), 'dark');
  await until('the preview plays', () => owner.frameLocator('iframe.shop').locator('video').evaluate((v) => v.currentTime > 0).catch(() => false));
  await owner.click('.preview');
});

test('one click makes an address for OBS, which opens the dock of this room', async () => {
  await owner.click('.make-token');
  await owner.click('.obs .copy');
  const address = await until('the address is copied', async () => { const text = await clipboard(); return text.includes('/dock/') && text; });
  const dock = await browser.newPage();
  await dock.goto(address);
  await dock.waitForSelector('.dock[data-state=sync]');
  await dock.close();
  const { body } = await m.api('GET', '/tokens');
  assert.deepEqual(body.items.filter((t) => t.name === 'OBS corn-kase').map((t) => [t.role, t.rooms]), [['assistant', ['corn-kase']]]);
});

test('settings are saved, and a new key is asked for once', async () => {
  await owner.fill('.setup [name=title]', '玉米小镇');
  await owner.check('[value=balanced]');
  await owner.selectOption('[name=retention]', 'forever');
  await owner.click('.setup .loud');
  await owner.waitForFunction(() => document.querySelector('.head h1').textContent === '玉米小镇');
  const { body } = await m.api('GET', '/rooms/corn-kase');
  assert.deepEqual([body.title, body.latency, body.retention], ['玉米小镇', 'balanced', 'forever']);
  const before = (await m.api('GET', '/rooms/corn-kase/key')).body.stream_key;
  await owner.click('studio-connect studio-ask button');
  await fit('a new key is asked for');
  await owner.click('studio-connect studio-ask .danger');
  await until('the key is new', async () => (await m.api('GET', '/rooms/corn-kase/key')).body.stream_key !== before);
});

test('picture sizes are changed, and their configuration is copied for OBS', async () => {
  await owner.click('.ladder > summary');
  await says(() => owner.innerText('.ladder'), /1080p[^]*4500 kbit\/s[^]*7\.5 Mbit\/s/);
  await owner.click('.ladder details summary');
  await owner.fill('[name=ladder]', '360p30@500, 720p30@2500');
  await owner.click('.ladder form .loud');
  await says(() => owner.innerText('.ladder'), /the largest picture comes first/);
  await owner.fill('[name=ladder]', '720p30@2500, 360p30@500');
  await owner.click('.ladder form .loud');
  await until('the sizes are saved', async () => (await m.api('GET', '/rooms/corn-kase')).body.ladder_own === true);
  await fit('picture sizes');
  await owner.selectOption('.ladder select', 'amd');
  await owner.click('.ladder studio-copy button');
  const config = await until('the configuration is copied', async () => { const text = await clipboard(); return /h264_texture_amf/.test(text) && JSON.parse(text); });
  assert.deepEqual(config.encoder_configurations.map((v) => [v.width, v.height, v.settings.bitrate]), [[1280, 720, 2500], [640, 360, 500]]);
  assert.ok(!JSON.stringify(config).includes((await m.api('GET', '/rooms/corn-kase/key')).body.stream_key), 'the stream key is no part of it');
});

test('of twelve rooms the one whose picture is gone stands first, in words', async () => {
  for (let i = 1; i <= 10; i++) await m.api('POST', '/rooms', { slug: `room-${i}`, title: `Room ${i}` });
  await m.api('POST', '/shows', { room: 'room-7', starts_at: new Date(Date.now() - 600_000).toISOString() });
  await sleep(Math.max(0, (shownAt + 8000 - Date.now()) / 1000)); // a product that was shown for less than five seconds is no chapter
  await publisher.kill();
  await owner.click('.back');
  await owner.waitForSelector('[data-room=corn-kase][data-condition=away]');
  await owner.waitForFunction(() => document.querySelectorAll('.room').length === 12);
  const rows = () => owner.locator('.room').evaluateAll((all) => all.map((e) => `${e.dataset.room} ${e.dataset.condition}`).join());
  await says(rows, /^corn-kase away,room-7 late,demo off,/);
  await says(() => owner.innerText('.summary'), /^2 rooms need your attention\. They are listed first\.$/);
  await says(() => owner.locator('.room').first().innerText(), /No picture is arriving\. Viewers see the last one for another \d:\d\d/);
  // Who opens the page sees it within five seconds: on a phone, without a scroll, in words and not by a colour alone. Keys lead there, too.
  await owner.setViewportSize({ width: 390, height: 844 });
  await owner.reload();
  const seen = await owner.waitForFunction(() => {
    const row = document.querySelector('.room');
    const ok = row?.dataset.condition === 'away' && row.getBoundingClientRect().bottom < innerHeight && /No picture/i.test(row.querySelector('.air').innerText);
    return ok && performance.now();
  });
  assert.ok((await seen.jsonValue()) < 5000, 'it takes longer than five seconds');
  await owner.focus('#content');
  await owner.keyboard.press('Tab');
  await owner.keyboard.press('Tab');
  await owner.keyboard.press('Enter');
  await owner.waitForFunction(() => location.hash === '#/rooms/corn-kase' && document.activeElement.tagName === 'H1');
  await owner.goBack();
  await owner.waitForFunction(() => document.activeElement.getAttribute('href') === '#/rooms/corn-kase');
  await fit('twelve rooms');
});

test('the owner ends the show on the page of its room; it is asked once', async () => {
  await owner.click('[data-room=corn-kase] a');
  await owner.click('.end-show button');
  assert.match(await owner.innerText('.end-show'), /End the show now\? Viewers see that it is over, and the recording is saved/);
  await fit('the end is asked');
  await owner.click('.end-show .danger');
  await until('it has ended', async () => (await m.api('GET', '/rooms/corn-kase/shows')).body.items[0].state === 'ended');
  await owner.waitForFunction(() => !document.querySelector('.end-show'));
  await owner.waitForFunction(() => /” ended at \d\d:\d\d\.[\s\S]*Results\s+Replay/.test(document.querySelector('.live .verdict')?.innerText));
  await fit('a show has ended');
});

test('the recording has a clip of what was shown; the clip is downloaded, the recording kept, then deleted', async () => {
  await owner.click('.nav [href="#/replays"]');
  await owner.click('[data-show] h2 a');
  await owner.waitForSelector('[data-product] .make');
  await until('the recording plays', () => owner.frameLocator('.screen iframe').locator('video').evaluate((v) => v.readyState >= 2).catch(() => false));
  const results = async () => (await owner.innerText('studio-results')).replace(/\s+/g, ' ');
  await until('what the show has brought stands there', async () => /Results Download \(CSV\) Peak viewers 1 .*Clicks to your shop 1 .*Sweet corn 1 1/.test(await results()), 20000);
  await fit('a recording');
  await owner.click('[data-product] .jump');
  assert.match(await owner.getAttribute('.screen iframe', 'src'), /&t=\d+$/);
  await owner.click('[data-product] .make');
  await owner.waitForSelector('[data-product] a[download]');
  const [file] = await Promise.all([owner.waitForEvent('download'), owner.click('[data-product] a[download]')]);
  const head = await readFile(await file.path());
  assert.equal(head.subarray(4, 8).toString(), 'ftyp');
  await owner.goto(`${m.http}/studio#/shows/${(await m.api('GET', '/rooms/corn-kase/shows')).body.items[0].id}`);
  await until('and on the page of the show', async () => /Results Download \(CSV\) Peak viewers 1 .*Clicks to your shop 1 .*Sweet corn 1 1/.test(await results()), 20000);
  await m.api('PATCH', '/products/CORN', { stock: 'out' });
  await owner.reload();
  await owner.click('studio-script summary');
  await owner.waitForFunction(() => /Sweet corn\s+Sold out[\s\S]*View/.test(document.querySelector('.phone')?.innerText));
  assert.ok(!/Buy/.test(await owner.innerText('.phone')));
  assert.match(await owner.innerText('studio-script'), /This show had no line-up/);
  assert.doesNotMatch(await owner.innerText('studio-script'), /in the line-up/);
  await fit('a show that is over');
  await owner.click('.head [href^="#/replays/"]');
  await owner.click('studio-replay .head [href^="#/shows/"]'); // and back
  await owner.waitForSelector('studio-show studio-results');
  await owner.goto(`${m.http}/studio#/replays`);
  await owner.click('[data-show] h2 a');
  await owner.check('[name=keep]');
  const { body: { items: [show] } } = await m.api('GET', '/rooms/corn-kase/shows');
  await until('it is kept', async () => (await m.api('GET', `/shows/${show.id}`)).body.keep);

  await owner.click('.nav [href="#/usage"]');
  await owner.waitForSelector('[data-room=corn-kase]');
  await says(() => owner.innerText('.sum'), /[1-9][\d.]* [kM]B stored/);
  await says(() => owner.innerText('.store'), /Storage is working/);
  await fit('usage');

  await owner.click('.nav [href="#/replays"]');
  await owner.waitForSelector('[data-show][data-gone=false]');
  await fit('replays');
  await owner.click('[data-show] h2 a');
  await owner.click('studio-ask button');
  await owner.click('studio-ask .danger');
  await owner.waitForFunction(() => /The recording was deleted/.test(document.querySelector('studio-replay')?.innerText));
  await owner.click('.nav [href="#/rooms"]');
});

test('a room is deleted when that is said twice', async () => {
  await owner.click('[data-room=room-3] h2 a');
  await owner.click('.end studio-ask button');
  await owner.click('.end .danger');
  await owner.waitForFunction(() => document.querySelectorAll('.room').length === 11);
  assert.equal((await m.api('GET', '/rooms/room-3')).status, 404);
});
