// Likes: given by button, key and finger, batched in beacons, seen by others in the picture, kept, and reported.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { axe } from './lib/axe.mjs';
import { launch } from './lib/browser.mjs';
import { ends } from './lib/ending.mjs';
import { Mediad, until } from './lib/mediad.mjs';
import { clip, push } from './lib/publisher.mjs';
import { inPlayer, playerIs } from './lib/watching.mjs';

let m, browser, show;
before(async () => {
  m = ends(await Mediad.start());
  browser = ends(await launch());
  ends(push(await clip({ seconds: 120, fps: 30, gop: 1 }), `${m.rtmp}/${m.key}`));
  await m.mediaPlaylist();
  assert.equal((await m.api('POST', '/products', { sku: 'TEA', title: 'Green tea', price: 900, currency: 'CNY' })).status, 201);
  assert.equal((await m.api('POST', '/rooms/demo/pins', { product: 'TEA' })).status, 201);
  show = (await m.api('GET', '/rooms/demo')).body.show.id;
});

const open = async (path, options = {}) => {
  const page = await (await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'en-GB', ...options })).newPage();
  await page.goto(m.http + path);
  await playerIs(page, 'live');
  return page;
};
const button = (page) => page.locator('mediad-player .like');
const shown = (page) => inPlayer(page, (_, root) => root.querySelector('.like b')?.textContent ?? null);

test('viewers like a show, others see it, and the report counts it', async () => {
  const page = await open('/watch/demo', { hasTouch: true });
  const other = await open('/watch/demo', { locale: 'zh-CN' });
  const calm = await open('/watch/demo', { reducedMotion: 'reduce' });
  for (const p of [other, calm]) {
    await button(p).waitFor();
    await inPlayer(p, (el, root) => {
      el.most = 0;
      el.rose = 0;
      new MutationObserver((list) => {
        el.rose += list.reduce((n, r) => n + r.addedNodes.length, 0);
        el.most = Math.max(el.most, root.querySelectorAll('.rain i').length);
      }).observe(root.querySelector('.rain'), { childList: true });
    });
  }
  const beats = [];
  page.on('request', (r) => r.url().endsWith('/beat') && beats.push(r.postDataJSON()));
  await button(page).waitFor();
  await inPlayer(page, (el) => {
    el.liked = [];
    el.addEventListener('mediad:like', (e) => el.liked.push(e.detail));
  });
  const box = await button(page).boundingBox();
  assert.ok(box.width >= 44 && box.height >= 44, JSON.stringify(box));
  const card = await page.locator('mediad-player .card.big').boundingBox();
  assert.ok(box.y + box.height <= card.y, `the button ${JSON.stringify(box)} covers the card ${JSON.stringify(card)}`);
  await button(page).click();
  await button(page).press('Enter');
  await button(page).press('l');
  await page.locator('mediad-player').press('L');
  // Two taps of a finger on the picture, and neither pauses it.
  const stage = await page.locator('mediad-player').boundingBox();
  const finger = await page.context().newCDPSession(page);
  const touch = (type, ...touchPoints) => finger.send('Input.dispatchTouchEvent', { type, touchPoints });
  const at = { x: stage.x + 100, y: stage.y + stage.height / 3 };
  // Nothing is waited for between them: on a busy machine two taps would be too far apart for one gesture.
  await Promise.all([touch('touchStart', at), touch('touchEnd'), touch('touchStart', at), touch('touchEnd')]);
  await until('five are shown', async () => (await shown(page)) === '5');
  assert.equal(await button(page).getAttribute('aria-label'), 'Like this show, 5 likes so far');
  assert.deepEqual(await inPlayer(page, (el) => el.liked.map((d) => d.likes)), [1, 2, 3, 4, 5]);
  assert.equal((await inPlayer(page, (el) => el.liked.at(-1))).show, show);
  assert.equal(await page.locator('mediad-player video').evaluate((v) => v.paused), false);

  await until('the others see them, in the picture', async () => (await shown(other)) === '5' && (await shown(calm)) === '5', 40000);
  assert.equal(await button(other).getAttribute('aria-label'), '点赞，已有 5 个赞');
  assert.equal(beats.reduce((n, b) => n + b.likes, 0), 5, 'they went with the beacons');
  assert.ok(beats.length <= 6, `${beats.length} beacons`);
  await until('hearts rise for others', () => inPlayer(other, (el) => el.rose > 0));
  // Many likes are few hearts, and those who want no motion see none.
  for (let n = 0; n < 60; n++) await button(other).dispatchEvent('click');
  await until('twelve hearts', () => inPlayer(other, (el) => el.rose >= 12));
  await until('they are gone when they have risen', () => inPlayer(other, (_, root) => root.querySelectorAll('.rain i').length === 0));
  const most = await inPlayer(other, (el) => el.most);
  assert.ok(most <= 12, `${most} at a time`);
  assert.equal(await inPlayer(calm, (el) => el.rose), 0, 'motion for who wants none');

  assert.deepEqual(await axe(page), []);
  await until('the report has them, of three viewers', async () => {
    const { total } = (await m.api('GET', `/shows/${show}/report`)).body;
    return total.likes === 65 && total.rates.some((r) => r.text === 'likes_per_viewer 21.67 (65 / 3)');
  }, 40000);
  const dock = await (await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'en-GB' })).newPage();
  await dock.goto(`${m.http}/dock/demo#t=${m.token}`);
  await until('the dock tells the host', async () => /Likes\s*65/.test(await dock.textContent('mediad-numbers .liked').catch(() => '')), 20000);
});

test('a host’s own look has no button', async () => {
  const page = await open('/embed/demo?preview=1');
  await until('the player plays on', () => inPlayer(page, (el) => el.dataset.latency !== undefined), 20000);
  assert.equal(await button(page).count(), 0);
});
