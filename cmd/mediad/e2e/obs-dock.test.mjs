// The dock beside a real OBS: the scene that the host goes to shows its product to viewers.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { axe } from './lib/axe.mjs';
import { launch } from './lib/browser.mjs';
import { ends } from './lib/ending.mjs';
import { Mediad, until } from './lib/mediad.mjs';
import { startOBS } from './lib/obs.mjs';

let m, obs, dock, viewer;
before(async () => {
  m = ends(await Mediad.start({ config: { hls: { reconnect: '60s' } } }));
  for (const [sku, title] of [['CORN', 'Sweet corn'], ['TEA', 'Green tea']]) {
    assert.equal((await m.api('POST', '/products', { sku, title, price: 4990, currency: 'CNY' })).status, 201);
  }
  const browser = ends(await launch());
  const open = async (path) => {
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' })).newPage();
    await page.goto(m.http + path);
    return page;
  };
  const { body } = await m.api('POST', '/tokens', { name: 'OBS', role: 'assistant', org: 'home', rooms: ['demo'] });
  dock = await open(`/dock/demo#t=${body.token}`);
  viewer = await open('/watch/demo');
  await dock.waitForSelector('.dock[data-state=sync]');
});

const panel = () => dock.innerText('.obs');
const shown = () => dock.locator('.now .card h3').allInnerTexts().then((all) => all.join());
const connect = async (password) => {
  await dock.fill('#obs-password', password);
  await dock.keyboard.press('Enter');
};

test('the dock looks for no OBS until the host connects it, and says what is missing', async () => {
  assert.equal(await dock.getAttribute('.obs', 'data-state'), 'off');
  await dock.click('.obs summary');
  await connect('anything');
  await dock.waitForSelector('.obs[data-state=absent]');
  assert.match(await panel(), /OBS does not answer on this computer/);
  assert.deepEqual(await axe(dock), []);
});

test('OBS streams; a wrong password is told', async () => {
  obs = ends(await startOBS({ server: m.rtmp, key: m.key, scenes: { 'P:TEA': 0xff208040, Welcome: 0xff804020, 'P:CORN': 0xff20c0c0, 'P:NONE': 0xff202020 } }));
  await until('on air', async () => (await dock.getAttribute('.dock', 'data-phase')) === 'live', 60000);
  await connect('not the password');
  await dock.waitForSelector('.obs[data-state=refused]');
  assert.match(await panel(), /OBS does not accept this password/);
});

test('a scene named P:SKU shows its product; the one that stood there before does not', async () => {
  await connect(obs.password);
  await dock.waitForSelector('.obs[data-state=on]');
  assert.match(await panel(), /OBS is at the scene “P:TEA”/);
  await obs.scene('Welcome');
  await until('the scene is told', async () => /“Welcome”/.test(await panel()));
  assert.equal(await shown(), '', 'nobody chose the scene that was on air when the dock connected');
  await obs.scene('P:CORN');
  await until('the product is shown', async () => (await shown()) === 'Sweet corn');
  await until('the viewer sees its card', async () => /Sweet corn/.test(await viewer.evaluate(() => document.querySelector('mediad-player')?.shadowRoot?.textContent ?? '')), 30000);
  assert.match(await dock.innerText('.told'), /You showed Sweet corn/);
});

test('a SKU that nobody has is told in words, and the next scene works again', async () => {
  await obs.scene('P:NONE');
  await dock.waitForSelector('.obs .trouble');
  assert.match(await panel(), /OBS is at the scene P:NONE, but no product has this SKU/);
  assert.deepEqual(await axe(dock), []);
  await obs.scene('P:TEA');
  await until('tea is shown, as the newest', async () => (await shown()) === 'Green tea,Sweet corn');
  assert.equal(await dock.locator('.obs .trouble').count(), 0);
});

test('the password stays in the memory of the page; an OBS that goes is told', async () => {
  assert.equal(await dock.evaluate((p) => [sessionStorage, localStorage].some((s) => JSON.stringify(s).includes(p)), obs.password), false);
  await obs.stop();
  await dock.waitForSelector('.obs[data-state=lost]');
  assert.match(await panel(), /OBS does not answer any more/);
  await dock.click('.obs button');
  await dock.waitForSelector('.obs[data-state=off]');
});
