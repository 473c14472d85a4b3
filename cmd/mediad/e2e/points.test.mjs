// Points: a viewer comments, a friend comes by the viewer's link, and the points become a coupon.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { axe } from './lib/axe.mjs';
import { launch } from './lib/browser.mjs';
import { ends } from './lib/ending.mjs';
import { Mediad, until } from './lib/mediad.mjs';
import { clip, push } from './lib/publisher.mjs';

let m, browser;
before(async () => {
  m = ends(await Mediad.start());
  browser = ends(await launch());
});

const open = async (path, options) => {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', ...options })).newPage();
  await page.goto(m.http + path);
  return page;
};

test('a viewer gets points for a comment and for a friend, and turns them into a coupon once', async () => {
  assert.equal((await m.api('POST', '/products', { sku: 'CORN', title: 'Sweet corn', price: 4990, currency: 'CNY' })).status, 201);
  assert.equal((await m.api('POST', '/shops', { name: 'Tea', kind: 'link', config: { template: 'https://tea.example/{sku}?d={code}' } })).status, 201);
  ends(push(await clip({ seconds: 90, fps: 30, gop: 2 }), `${m.rtmp}/${m.key}`));
  await m.mediaPlaylist();
  assert.equal((await m.api('POST', '/rooms/demo/pins', { product: 'CORN' })).status, 201);
  const { show } = await (await fetch(`${m.http}/c/room/demo.json`)).json();
  assert.equal((await m.api('PUT', `/shows/${show}/points`, { minute: 1, comment: 100, friend: 50 })).status, 200);

  // The host makes it where coupons are made.
  const host = await open(`/dock/demo#t=${m.token}`, { viewport: { width: 390, height: 844 } });
  await host.click('.coupon-new');
  await host.fill('[name=coupon-label]', '10 off');
  await host.fill('[name=coupon-code]', 'MAIZE');
  await host.fill('[name=coupon-points]', '150');
  await host.keyboard.press('Enter');
  await until('the dock has it', async () => /for 150 points: 0/.test(await host.textContent('mediad-coupons li').catch(() => '')));
  const live = await (await fetch(`${m.http}/c/${show}/live.json`)).text();
  assert.ok(!live.includes('MAIZE'), 'the code is told without points');
  assert.deepEqual(JSON.parse(live).coupons, [], 'it is free for everybody');

  const viewer = await open('/watch/demo');
  const player = viewer.locator('mediad-player');
  const chip = player.locator('.points');
  await chip.waitFor();
  assert.ok((await chip.boundingBox()).height >= 44, 'the chip is too small for a finger');
  const posted = viewer.waitForResponse((r) => r.url().endsWith(`/c/${show}/chat`) && r.request().method() === 'POST');
  await viewer.evaluate(async (show) => {
    const viewer = globalThis[Symbol.for('mediad.viewer')];
    await fetch(`/c/${show}/chat`, { method: 'POST', body: JSON.stringify({ text: 'Is it sweet?', name: 'Mei', viewer, at: Date.now() / 1000 }) });
  }, show);
  assert.equal((await posted).status(), 201);
  const code = await viewer.evaluate(() => globalThis[Symbol.for('mediad.ref')]);
  const friend = await open(`/watch/demo?ref=${code}`, { userAgent: 'Another browser' });
  await friend.locator('mediad-player .points').waitFor();

  const told = await until('the server has counted both', async () => {
    const p = await viewer.evaluate(async (show) => (await fetch(`/c/${show}/points`, { method: 'POST', body: JSON.stringify({ viewer: globalThis[Symbol.for('mediad.viewer')] }) })).json(), show);
    return p.comments === 1 && p.friends === 1 && p;
  });
  assert.equal(told.points, 150);
  await chip.focus();
  await viewer.keyboard.press('Enter');
  await until('the sheet has a coupon to get', () => player.locator('.earn section button').isEnabled());
  assert.deepEqual(await axe(viewer), []);
  await player.locator('.earn section button').focus();
  await viewer.keyboard.press('Enter');
  await until('the code is there', async () => (await player.locator('.earn code').textContent({ timeout: 500 }).catch(() => '')) === 'MAIZE');
  assert.match(await player.locator('.earn h2').textContent(), /^Your points: [0-9]$/);
  assert.equal(await viewer.evaluate(() => document.querySelector('mediad-player').shadowRoot.activeElement?.textContent), 'Copy');
  await viewer.keyboard.press('Escape');
  await player.locator('.earn').waitFor({ state: 'hidden' });
  await until('the dock counts it', async () => /for 150 points: 1/.test(await host.textContent('mediad-coupons li')));
  const { body } = await m.api('GET', `/shows/${show}/report`);
  assert.deepEqual([body.coupons[0].got, body.coupons[0].redeemed, body.coupons[0].points], [1, 1, 150]);
  for (const page of [viewer, friend]) assert.deepEqual(await page.context().cookies(), [], 'points need no cookie');
});
