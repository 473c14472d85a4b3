// What a room's host is told about its publishers: events, and the panel on the watch page.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { axe } from './lib/axe.mjs';
import { launch } from './lib/browser.mjs';
import { ends } from './lib/ending.mjs';
import { Mediad, says, until } from './lib/mediad.mjs';
import { clip, push } from './lib/publisher.mjs';
import { wire } from './lib/wire.mjs';

let m, browser, uplink, publisher;
before(async () => {
  m = ends(await Mediad.start({ config: { hls: { reconnect: '6s' } } }));
  browser = ends(await launch());
  uplink = ends(await wire(m.rtmpPort));
});

const rowOf = (page, label) => page.evaluate((l) =>
  [...(document.querySelector('#operator')?.shadowRoot.querySelectorAll('.figures div') ?? [])].find((d) => d.querySelector('dt').textContent === l)?.querySelector('dd').textContent, label);
const warningOf = (page, code) => page.evaluate((c) => document.querySelector('#operator')?.shadowRoot.querySelector(`.warnings [data-code="${c}"]`)?.textContent, code);
const kindsOf = (page) => page.evaluate(() => [...document.querySelector('#operator').shadowRoot.querySelectorAll('.events li')].map((l) => l.dataset.kind));

async function enter(page, token) {
  await page.fill('#operator-token input', token);
  await page.click('#operator form wa-button');
}

test('events of publishers arrive as they happen', async () => {
  const follower = await m.follow();
  const kinds = () => follower.said.filter((s) => s.event === 'publisher').map((s) => s.data.kind).join(' ');
  const told = (want) => until(`${want}; told ${kinds()}`, () => kinds() === want);
  const file = await clip({ seconds: 60, fps: 30, gop: 2 });
  publisher = ends(push(file, `${m.rtmp}/${m.key}?user=secret`));
  await m.mediaPlaylist();
  await told('on_air');
  await publisher.kill();
  await told('on_air lost');
  publisher = ends(push(file, `${m.rtmp}/${m.key}`));
  await told('on_air lost back');
  const second = ends(push(file, `${m.rtmp}/${m.key}`));
  await told('on_air lost back taken_over');
  await publisher.exited;
  publisher = second;
  await publisher.stop();
  await told('on_air lost back taken_over ended');
  await follower.stop();
  const events = follower.said.filter((s) => s.event === 'publisher');
  for (const e of events) {
    assert.equal(e.id, undefined, 'an event that is not in the log has an id');
    assert.equal(e.data.room, 'demo');
    assert.ok(e.data.text && Math.abs(Date.now() - Date.parse(e.data.at)) < 120000, JSON.stringify(e));
  }
  assert.ok(Math.abs(Date.parse(events[1].data.until) - Date.parse(events[1].data.at) - 6000) < 100);
  assert.equal(events[0].data.address, 'loopback');
  const text = JSON.stringify(follower.said);
  assert.ok(!text.includes(m.key) && !text.includes('secret') && !text.includes('127.0.0.1'), text);
  await says(() => m.log, /"level":"INFO","msg":"publisher closed".*another publisher took over/);
  assert.equal(m.log.match(/"msg":"publisher lost","room"/g)?.length, 1, 'a take-over is logged as a loss');
});

test('the panel asks for a token, and shows numbers, warnings in words and what happened', async () => {
  publisher = ends(push(await clip({ seconds: 60, fps: 30, gop: 10 }), `${uplink.url}/${m.key}`));
  await m.mediaPlaylist();
  const context = await browser.newContext({ locale: 'en-GB' });
  const page = await context.newPage();
  const asked = [];
  page.on('request', (r) => asked.push(r.url()));
  await page.goto(`${m.http}/watch/demo?operator=1`);
  await page.waitForSelector('#operator-token');
  assert.equal(await page.locator('#operator .figures').count(), 0, 'numbers without a token');
  await enter(page, 'not-the-token');
  await page.waitForSelector('#operator .bad');
  assert.equal(await page.textContent('#operator .bad'), 'The server does not accept this token.');
  await enter(page, m.token);
  await page.waitForFunction(() => document.querySelector('#operator')?.shadowRoot?.querySelectorAll('.gathering').length === 3); // a chart without values says that it gathers them
  await page.waitForSelector('#operator .figures');
  assert.equal(await rowOf(page, 'Picture'), '640 × 360');
  await until('the frame rate', async () => /^(29|30)\.\d$/.test(await rowOf(page, 'Frames per second')));
  assert.match(await rowOf(page, 'Encoder'), /^FMLE\/3\.0.* · RTMP$|Lavf.* · RTMP$/);
  await until('the bit rate', async () => /\d bit\/s$|\d [kM]bit\/s$/.test(await rowOf(page, 'Received')));
  await says(() => rowOf(page, 'Sound against picture'), /^(none|sound [\d,]+ ms (ahead|behind))( \(changed by \d+ ms\))?$/);
  const charts = () => page.locator('#operator .chart').evaluateAll((all) => all.map((c) => c.getAttribute('aria-label')).join('\n'));
  const overTime = 'over the last two minutes: now';
  await says(charts, new RegExp(`^Received bit rate ${overTime} \\d.*\nSound against picture ${overTime} (none|sound \\d).*\nFrames per second ${overTime} \\d.*$`));
  await until('each is drawn', async () => (await page.locator('#operator .chart canvas').count()) === 3);
  const words = await until('the warning', () => warningOf(page, 'keyframe_interval'), 20000);
  assert.match(words, /^Viewers wait up to \d+\.\d s to join: set the keyframe interval to 2 s in OBS → Settings → Output\.$/);
  assert.deepEqual(await kindsOf(page), ['on_air', 'ended', 'taken_over', 'back', 'lost']);
  const counted = (await m.metrics()).match(/^mediad_publisher_events_total.*/gm);
  assert.deepEqual(counted, ['back 1', 'ended 1', 'lost 1', 'on_air 2', 'taken_over 1'].map((l) => l.replace(/(\w+) (\d)/, 'mediad_publisher_events_total{kind="$1"} $2')));
  assert.match(await page.textContent('#operator .events li:nth-child(2)'), /^\d\d:\d\d:\d\d The broadcast ended: the encoder stopped\.$/);

  // It stays in this tab, and in no address.
  await page.reload();
  await page.waitForSelector('#operator .figures');
  assert.ok(!asked.some((url) => url.includes(m.token)));
  assert.deepEqual(asked.filter((url) => !/^(data|blob):/.test(url) && !url.startsWith(m.http)), [], 'something is asked of another server');
  const stranger = await context.newPage();
  await stranger.goto(`${m.http}/watch/demo?operator=1`);
  await stranger.waitForSelector('#operator-token');
  await stranger.setViewportSize({ width: 390, height: 844 });
  await enter(stranger, m.token);
  await stranger.locator('#operator summary').click();
  await stranger.waitForSelector('#operator .figures');
  const phone = await stranger.evaluate(() => ({
    columns: getComputedStyle(document.querySelector('#operator').shadowRoot.querySelector('.figures')).gridTemplateColumns.split(' ').length,
    overflow: document.documentElement.scrollWidth - innerWidth,
  }));
  assert.deepEqual(phone, { columns: 2, overflow: 0 }, 'a phone has two numbers side by side, and nothing over its edge');
  await stranger.close();

  // Viewers load nothing of the panel.
  const viewer = await context.newPage();
  const loaded = [];
  viewer.on('request', (r) => loaded.push(r.url()));
  await viewer.goto(`${m.http}/watch/demo`, { waitUntil: 'load' });
  await viewer.waitForFunction(() => customElements.get('watch-goods'));
  assert.ok(loaded.some((url) => url.includes('/assets/watch-')) && !loaded.some((url) => url.includes('/assets/operator-')), loaded.join('\n'));
  await viewer.close();

  const zh = await (await browser.newContext()).newPage();
  await zh.goto(`${m.http}/watch/demo?operator=1&lang=zh`);
  assert.equal(await zh.textContent('#operator h2 strong'), '运营面板');
  await enter(zh, m.token);
  assert.match(await until('the warning in Chinese', () => warningOf(zh, 'keyframe_interval'), 20000), /^新进入的观众最多等待 \d+(\.\d)? 秒：请在 OBS → 设置 → 输出 中将关键帧间隔设为 2 秒。$/);
  assert.match(await zh.textContent('#operator .events li:nth-child(2)'), /直播已结束：编码器停止推流。$/);

  // An uplink that is too slow.
  uplink.throttle(50_000);
  assert.match(await until('the stream is late', () => warningOf(page, 'late'), 40000), /^The stream arrives \d\.\d s late: the uplink is too slow, or the computer encodes too slowly\./);
  const { body } = await m.api('GET', '/rooms/demo');
  assert.ok(body.ingest.late >= 1 && body.ingest.late < 60, JSON.stringify(body.ingest));
  assert.ok(body.warning_details.some((w) => w.code === 'late' && w.value > 1));
  assert.match(await until('the same in Chinese', () => warningOf(zh, 'late')), /^推流滞后 \d+(\.\d)? 秒：上行带宽不足，或电脑编码过慢。/);

  await page.click('#operator .forget');
  await page.waitForSelector('#operator-token');
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);
});

test('on a phone the panel lies under the thumb, and says what is on the screen and what comes', async () => {
  const made = async (sku, title) => (await m.api('POST', '/products', { sku, title, price: 4990, currency: 'CNY', stock: 'low' })).body.id;
  const [corn, tea] = [await made('CORN', 'Corn'), await made('TEA', 'Tea')];
  publisher = ends(push(await clip({ seconds: 120, fps: 30, gop: 2 }), `${m.rtmp}/${m.key}`)); // takes over from the slow one
  await until('it is on time', async () => (await m.api('GET', '/rooms/demo')).body.ingest?.late < 1, 30000);
  assert.equal((await m.api('POST', '/rooms/demo/pins', { product: corn })).status, 201);
  const later = await m.api('POST', '/rooms/demo/pins', { product: tea, at: { delay_ms: 600000 } });
  const notice = await m.api('POST', '/rooms/demo/cues', { kind: 'notice', text: 'Last ten boxes', at: { delay_ms: 900000 } });
  assert.deepEqual([later.status, notice.status], [202, 202]);
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, locale: 'en-GB' });
  const page = await context.newPage();
  await page.goto(`${m.http}/watch/demo?operator=1`);
  await enter(page, m.token);
  const panel = page.locator('#operator');
  await panel.locator('.pinned li').waitFor();
  assert.match(await panel.locator('.pinned li').innerText(), /Corn\s+CN¥49\.90 · Few left/);
  await says(() => panel.locator('.bar').innerText(), /LIVE\s+\d+:\d\d(:\d\d)?\s+\d+ viewers?\s+.*On screen: Corn/s);

  // Open, the sheet leaves the picture in view; closed, its line is at the lower edge of the screen.
  const boxes = () => page.evaluate(() => {
    const of = (e) => { const { top, bottom } = e.getBoundingClientRect(); return { top, bottom }; };
    return { player: of(document.querySelector('mediad-player')), panel: of(document.querySelector('#operator')), window: innerHeight, over: document.documentElement.scrollWidth - innerWidth };
  });
  const lies = async (how, right) => {
    let b;
    return until(() => `${how}: ${JSON.stringify(b)}`, async () => right((b = await boxes())) && b);
  };
  const open = await lies('open', (b) => b.player.top >= 0 && b.player.bottom <= b.panel.top + 1 && b.player.bottom - b.player.top > 200);
  await panel.locator('.bar').tap();
  const closed = await lies('closed', (b) => b.panel.top > b.window - 100 && Math.abs(b.panel.bottom - b.window) < 1 && b.player.bottom <= b.panel.top + 1);
  assert.deepEqual([open.over, closed.over], [0, 0]);
  await panel.locator('.bar').focus();
  await page.keyboard.press('Enter');
  assert.equal(await panel.locator('.bar').getAttribute('aria-expanded'), 'true');

  // Cancelling is asked once, in its place; what is kept stays.
  const names = () => panel.locator('.coming .name').allInnerTexts();
  await until('what comes', async () => (await names()).join() === 'Show Tea,Notice: Last ten boxes');
  assert.match(await panel.locator('.coming .left').first().innerText(), /^in (9:\d\d|10:00)$/);
  const row = (id) => panel.locator(`[data-cue="${id}"]`);
  await row(later.body.id).locator('.cancel').tap();
  await row(later.body.id).locator('.keep').tap();
  await row(later.body.id).locator('.cancel').waitFor();
  await row(later.body.id).locator('.cancel').focus();
  await page.keyboard.press('Enter');
  await row(later.body.id).locator('.keep:focus').waitFor(); // the focus is on the harmless button
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await until('it is gone', async () => (await names()).join() === 'Notice: Last ten boxes');
  assert.equal((await m.api('GET', `/rooms/demo/cues/${later.body.id}`)).body.status, 'cancelled');

  // A cue that has come meanwhile, which the panel's list still has.
  const soon = await m.api('POST', '/rooms/demo/cues', { kind: 'notice', text: 'Now or never', at: { delay_ms: 3000 } });
  const { body: stale } = await m.api('GET', '/rooms/demo/cues');
  await page.route('**/rooms/demo/cues?*', (r) => r.fulfill({ json: stale }));
  await until('it has come', async () => (await m.api('GET', `/rooms/demo/cues/${soon.body.id}`)).body.status === 'landed');
  await until('the row says so', async () => (await row(soon.body.id).locator('.left').innerText()) === 'now');
  await row(soon.body.id).locator('.cancel').tap();
  await row(soon.body.id).locator('.yes').tap();
  assert.match(await panel.locator('[role=alert]').innerText(), /^Too late: “Notice: Now or never”/);
  assert.equal((await m.api('DELETE', `/rooms/demo/cues/${notice.body.id}`)).status, 204);
  await page.unroute('**/rooms/demo/cues?*');
  await until('nothing is scheduled', async () => (await panel.locator('#body').innerText()).includes('Nothing is scheduled.'));
  await panel.locator('.bar').focus();
  await page.keyboard.press('Escape');
  assert.equal(await panel.locator('.bar').getAttribute('aria-expanded'), 'false');

  // A server that does not answer is told in the line.
  await page.route('**/api/v1/rooms/demo', (r) => r.abort());
  await until('no connection', async () => /No connection/.test(await panel.locator('.bar').innerText()));
  await page.unroute('**/api/v1/rooms/demo');
  await until('it is back', async () => /LIVE/.test(await panel.locator('.bar').innerText()));
  await context.close();
});

test('who is signed in in the studio needs no token; who signs in elsewhere is let in on coming back', async () => {
  const account = { email: 'li@shop.example', password: 'long enough 1' };
  const signIn = (context, more) => context.request.post(`${m.http}/api/v1/session`, { data: { ...account, ...more } });
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'en-GB' });
  const page = await context.newPage();
  await page.goto(`${m.http}/watch/demo?operator=1`);
  const link = page.locator('#operator .ask a');
  await link.waitFor();
  assert.deepEqual([await link.innerText(), await link.getAttribute('href')], ['Sign in to the studio', `${m.http}/studio`]);
  assert.deepEqual(await axe(page), []);
  assert.ok((await signIn(context, { name: 'Li', token: m.token })).ok());
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await page.waitForSelector('#operator .figures', { state: 'attached' });
  assert.equal(await page.locator('#operator-token, #operator .forget').count(), 0);
  await page.reload();
  await page.waitForSelector('#operator .figures', { state: 'attached' });
  const later = await m.api('POST', '/rooms/demo/cues', { kind: 'notice', text: 'Last box', at: { delay_ms: 900000 } });
  await page.locator('#operator .bar').click();
  const row = page.locator(`#operator [data-cue="${later.body.id}"]`);
  await row.locator('.cancel').click();
  await row.locator('.yes').click(); // it needs the session's second secret
  await until('cancelled', async () => (await m.api('GET', `/rooms/demo/cues/${later.body.id}`)).body.status === 'cancelled');

  const { body: other } = await m.api('POST', '/orgs', { name: 'Other' });
  const { body: invited } = await m.api('POST', `/orgs/${other.id}/members`, { email: 'mo@other.example', role: 'host' });
  const stranger = await browser.newContext({ locale: 'en-GB' });
  assert.ok((await stranger.request.post(`${m.http}/api/v1/invitations/accept`, { data: { token: invited.link.split('=').pop(), name: 'Mo', password: 'long enough 2' } })).ok());
  const theirs = await stranger.newPage();
  await theirs.goto(`${m.http}/watch/demo?operator=1`);
  await theirs.waitForSelector('#operator .bad');
  assert.match(await theirs.innerText('#operator .bad'), /You are signed in, but have no role in this room/);
  assert.equal(await theirs.locator('#operator .figures').count(), 0);
  await context.close();
  await stranger.close();
});
