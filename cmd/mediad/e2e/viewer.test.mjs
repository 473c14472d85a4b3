// What a viewer sees besides the picture: the host's notices, and that the
// host is away.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { launch } from './lib/browser.mjs';
import { ends } from './lib/ending.mjs';
import { Mediad, says, until } from './lib/mediad.mjs';
import { clip, push } from './lib/publisher.mjs';
import { inPlayer, playerIs } from './lib/watching.mjs';

let m, browser, page, publisher, file;
before(async () => {
  m = ends(await Mediad.start({ config: { hls: { reconnect: '25s' } } }));
  browser = ends(await launch());
  file = await clip({ seconds: 60, fps: 30, gop: 1 });
  assert.equal((await m.api('POST', '/shows', { room: 'demo', title: 'Harvest & tea' })).status, 201);
  page = await (await browser.newContext({ locale: 'en-US' })).newPage();
  await page.goto(`${m.http}/watch/demo`); // before the show
  publisher = ends(push(file, `${m.rtmp}/${m.key}`));
  await m.mediaPlaylist();
  await playerIs(page, 'live');
});

const text = (selector, p = page) => inPlayer(p, (_, root, s) => root.querySelector(s)?.innerText ?? '', selector);

test('the page is called as the show is, whether it was open before the show or not', async () => {
  const names = (p) => p.evaluate(() => ({ tab: document.title, head: document.querySelector('h1').textContent, room: document.querySelector('.names p').textContent }));
  const wanted = { tab: 'Harvest & tea · Corn Town 玉米', head: 'Harvest & tea', room: 'Corn Town 玉米' };
  await until('the page that was open says so', async () => JSON.stringify(await names(page)) === JSON.stringify(wanted), 10000);
  const late = await (await browser.newContext({ locale: 'en-US' })).newPage();
  await late.goto(`${m.http}/watch/demo`);
  assert.deepEqual(await names(late), wanted);
  await late.goto(`${m.http}/embed/demo`);
  await playerIs(late, 'live');
  await says(() => text('.name', late), /^Harvest & tea$/);
  await late.context().close();
});

test('a notice stays on the picture for as long as it takes to read, and screen readers announce it', async () => {
  assert.equal((await m.api('POST', '/rooms/demo/cues', { kind: 'notice', data: { text: 'Last ten boxes! 最后十箱' } })).status, 201);
  await until('the words', async () => /Last ten boxes! 最后十箱/.test(await text('.words')));
  const said = await inPlayer(page, (_, root) => {
    const w = root.querySelector('.words');
    return { role: w.parentElement.getAttribute('role'), live: w.parentElement.getAttribute('aria-live') };
  });
  assert.deepEqual(said, { role: 'status', live: 'polite' });
  await until('they go', async () => (await text('.words')) === '', 20000);
  assert.equal(await inPlayer(page, (el) => el.dataset.state), 'live');
});

test('while the host is away the page says so', async () => {
  const chinese = await (await browser.newContext({ locale: 'zh-CN', viewport: { width: 390, height: 844 } })).newPage();
  await chinese.goto(`${m.http}/watch/demo`);
  await playerIs(chinese, 'live');
  await publisher.kill();
  const room = await until('the room waits', async () => {
    const r = await (await fetch(`${m.http}/c/room/demo.json`)).json();
    return r.waiting && r;
  });
  assert.ok(Date.parse(room.away.until) - Date.parse(room.away.since) === 25000, JSON.stringify(room.away));
  assert.ok(room.away.seconds > 15 && room.away.seconds <= 25, JSON.stringify(room.away));
  await until('the page says so', async () => /right back\.\s+The show continues here when the host returns\.$/.test(await text('.away')), 15000);
  await says(() => text('.live'), /Host away/i);
  assert.doesNotMatch(await text('.live'), /LIVE/);
  await until('so it does in Chinese', async () => /主播马上回来。\s*主播回来后/.test(await text('.away', chinese)), 15000);
  // How long the room waits is for its host: viewers take it for the time at which the show goes on.
  assert.doesNotMatch(await text('.away'), /\d/);
  // What is said aloud is said once, not with every look at the room.
  assert.equal(await inPlayer(page, (_, root) => root.querySelectorAll('[aria-live] .away, [role=status] .away').length), 0);

  const late = await (await browser.newContext({ locale: 'en-US' })).newPage();
  await late.goto(`${m.http}/watch/demo`);
  await until('who comes now is told too', async () => /continues here when the host returns/.test((await text('.away', late)) + (await text('.notice', late))), 8000);

  publisher = ends(push(file, `${m.rtmp}/${m.key}`));
  for (const p of [page, chinese, late]) {
    await until('it is live again', async () => (await text('.away', p)) === '' && /LIVE|直播中/.test(await text('.live', p)), 15000);
  }
  await chinese.context().close();
  await late.context().close();
});

test('a replay shows a notice at its moment', async () => {
  const shows = await m.api('GET', '/rooms/demo/shows');
  const show = shows.body.items[0].id;
  // The encoder stops: the show is paused and may go on, and so it says. Only the host's end ends it.
  const alsoChinese = await (await browser.newContext({ locale: 'zh-CN' })).newPage();
  await publisher.stop();
  await playerIs(page, 'ended');
  await says(() => text('.notice'), /The show is paused/);
  await until('what was shown so far can be watched', async () => /Watch from the start/.test(await text('.notice')));
  await until('more may be shown', async () => /No products yet/.test(await page.locator('watch-goods').innerText()));
  await alsoChinese.goto(`${m.http}/watch/demo`);
  await until('whoever comes now is told in Chinese', async () => /直播已暂停/.test(await text('.notice', alsoChinese)));
  assert.equal((await m.api('POST', '/rooms/demo/end')).status, 200);
  await until('it says that the show has ended', async () => /The show has ended/.test(await text('.notice')) && /直播已结束/.test(await text('.notice', alsoChinese)), 15000);
  await alsoChinese.context().close();
  const late = await (await browser.newContext({ locale: 'en-US' })).newPage();
  let asked = 0;
  late.on('request', (r) => (asked += r.url().includes('/vod/nope/index.m3u8')));
  await late.goto(`${m.http}/watch/demo?show=nope`);
  await until('an unknown show is told', async () => /The recording cannot be played/.test(await text('.notice', late)));
  assert.equal(asked, 1, 'it is not asked for again and again');
  await until('nothing is promised below', () => late.getByRole('heading', { name: 'Products in this show' }).isHidden());
  assert.equal(await late.locator('watch-goods').isVisible(), false);
  await late.getByRole('link', { name: 'Back to the room' }).click();
  await late.waitForURL(`${m.http}/watch/demo`);
  await late.goto(`${m.http}/watch/demo?show=${show}`);
  await playerIs(late, 'replay');
  await until('the list says that nothing was shown', async () => /No products were shown in this show/.test(await late.locator('watch-goods').innerText()));
  let seen = 0;
  await until('the words', async () => {
    if (/Last ten boxes/.test(await text('.words', late))) seen++;
    return seen >= 4; // a second and more
  }, 30000, 400);
  await inPlayer(late, (_, root) => (root.querySelector('video').currentTime += 25));
  await until('they are gone elsewhere', async () => (await text('.words', late)) === '', 5000);
});
