// Who watches: players say so with beacons, the picture tells all of them, and nobody gets a cookie.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { launch } from './lib/browser.mjs';
import { ends } from './lib/ending.mjs';
import { Mediad, until } from './lib/mediad.mjs';
import { clip, push } from './lib/publisher.mjs';
import { inPlayer, playerIs } from './lib/watching.mjs';

let m, browser, show;
before(async () => {
  m = ends(await Mediad.start());
  browser = ends(await launch());
  const file = await clip({ seconds: 60, fps: 30, gop: 1 });
  ends(push(file, `${m.rtmp}/${m.key}`));
  await m.mediaPlaylist();
  assert.equal((await m.api('POST', '/products', { sku: 'TEA', title: 'Green tea', price: 900, currency: 'CNY' })).status, 201);
  assert.equal((await m.api('POST', '/rooms/demo/pins', { product: 'TEA' })).status, 201);
  show = (await m.api('GET', '/rooms/demo')).body.show.id;
});

const crowd = (page) => inPlayer(page, (_, root) => root.querySelector('.crowd [aria-hidden]')?.innerText.trim() ?? '');
const live = async () => (await fetch(`${m.http}/c/${show}/live.json`)).json();
const figures = async () => (await m.api('GET', `/shows/${show}/audience`)).body;

test('viewers are counted by their beacons, and the picture shows how many they are', async () => {
  const beats = [];
  const pages = [];
  for (const locale of ['en-US', 'zh-CN']) {
    const page = await (await browser.newContext({ locale })).newPage();
    page.on('request', (r) => r.url().endsWith('/beat') && beats.push({ method: r.method(), headers: r.headers(), body: r.postDataJSON() }));
    await page.goto(`${m.http}/watch/demo`);
    await playerIs(page, 'live');
    await inPlayer(page, (el) => {
      el.pulses = [];
      el.addEventListener('mediad:cue', (e) => e.detail.cue.kind === 'pulse' && el.pulses.push(e.detail.cue));
    });
    pages.push(page);
  }
  const hosts = await (await browser.newContext()).newPage(); // the studio's preview, and the operator's page
  const preview = [];
  hosts.on('request', (r) => preview.push(r.url()));
  for (const path of ['/embed/demo?preview=1', '/watch/demo?operator=1']) {
    await hosts.goto(`${m.http}${path}`);
    preview.length = 0; // what the page before it asked for
    await playerIs(hosts, 'live');
    await until('it follows the stream as a preview', () => preview.some((u) => /preview=1.*_HLS_msn|_HLS_msn.*preview=1/.test(u)), 15000);
    const plain = () => preview.filter((u) => /_HLS_msn/.test(u) && !/preview=1/.test(u));
    preview.length = 0;
    await until('it goes on so', () => preview.filter((u) => /_HLS_msn/.test(u)).length > 8, 15000);
    assert.deepEqual(plain(), []);
  }
  await until('both have sent one', () => new Set(beats.map((b) => b.body.viewer)).size === 2, 30000);
  for (const { method, headers, body } of beats) {
    assert.equal(method, 'POST');
    assert.equal(headers.cookie, undefined);
    assert.match(headers['content-type'], /^text\/plain/, 'no preflight from pages of other sites');
    assert.match(body.viewer, /^[0-9a-f]{16}$/);
    assert.ok(body.watched > 0 && body.watched < 30, JSON.stringify(body));
    assert.ok(body.at === null || Math.abs(body.at - Date.now() / 1000) < 60, JSON.stringify(body)); // null: no picture has a date yet
  }
  await until('live.json says so', async () => (await live()).pulse.viewers === 2, 15000);
  for (const page of pages) {
    const pulse = () => inPlayer(page, (el) => el.pulses.at(-1));
    await until('the picture shows it, and has it itself', async () => (await crowd(page)) === '2' && (await pulse())?.viewers === 2, 20000);
    assert.deepEqual(await page.context().cookies(), []);
    const { viewers, likes, orders } = await pulse();
    assert.deepEqual({ viewers, likes, orders }, { viewers: 2, likes: 0, orders: 0 }, 'in the picture itself');
  }
  assert.equal((await m.api('GET', '/rooms/demo')).body.viewers, 2, 'hosts are no viewers');
  assert.ok(!preview.some((u) => u.endsWith('/beat')), 'a preview sends no beacon');
  assert.match(await m.metrics(), /mediad_room_viewers\{room="demo"\} 2\n/);

  const [page, other] = pages;
  await other.close({ runBeforeUnload: true });
  await until('who leaves is not counted any more', async () => (await live()).pulse.viewers === 1, 40000);
  await until('and the other one is told', async () => (await crowd(page)) === '1', 20000);
  const seen = await until('what they saw is kept', async () => {
    const f = await figures();
    return f.impressions[0]?.impressions === 2 && f.watched > 3 && f.peak === 2 && f;
  }, 40000);
  assert.equal(seen.impressions.length, 1);
  await until('a beacon says where the viewer is', () => beats.some((b) => b.body.at !== null), 30000);
  // Figures are not events: no list of them grows.
  const playlist = await (await fetch(await m.mediaPlaylist())).text();
  assert.doesNotMatch(playlist, /X-MEDIAD-KIND="pulse"/);
});
