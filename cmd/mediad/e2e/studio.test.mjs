// The studio: the printed token sets up the owner, who invites a host by a link; each screen is fit for everybody, and who is signed out is out.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { axe } from './lib/axe.mjs';
import { launch } from './lib/browser.mjs';
import { ends } from './lib/ending.mjs';
import { Mediad } from './lib/mediad.mjs';

let m, browser, owner;
before(async () => {
  m = ends(await Mediad.start());
  browser = ends(await launch());
});

async function open(path, { width = 1280, height = 860, colorScheme = 'light', locale = 'en-GB' } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, locale });
  const page = await context.newPage();
  page.asked = [];
  page.on('request', (r) => page.asked.push(r.url()));
  await page.goto(m.http + path);
  return page;
}

/** A state of the page is fit for everybody: axe finds nothing, nothing is over the edge, and thumbs hit every control. */
async function fit(page, state) {
  if (process.env.SHOTS) await shots(page, state);
  assert.deepEqual(await axe(page), [], state);
  const { over, small } = await page.evaluate(() => ({
    over: document.documentElement.scrollWidth - innerWidth,
    small: [...document.querySelectorAll('button, input:not([type=checkbox], [type=radio]), select, nav a')].filter((e) => { const b = e.getBoundingClientRect(); return b.width && (b.height < 43.9 || b.width < 43.9); }).map((e) => e.outerHTML.slice(0, 80)),
  }));
  assert.deepEqual([over, small], [0, []], state);
}

/** For people who work on the pages: SHOTS=FOLDER keeps a picture of each state, on a phone and on a desk, light and dark. */
async function shots(page, state) {
  const size = page.viewportSize();
  for (const [width, height] of [[1280, 860], [390, 844]]) {
    await page.setViewportSize({ width, height });
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: `${process.env.SHOTS}/${state.replace(/\W+/g, '-')}-${width}-${colorScheme}.png`, fullPage: true });
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(size);
}

test('the printed token sets up the owner, and leaves the address at once', async () => {
  owner = await open(`/studio#setup=${m.token}`);
  await owner.waitForSelector('[name=email]');
  assert.equal(owner.url(), `${m.http}/studio`);
  await fit(owner, 'set-up');
  await owner.fill('[name=name]', 'Li');
  await owner.fill('[name=email]', 'li@shop.example');
  await owner.fill('[name=password]', 'corn and tea 1');
  await owner.keyboard.press('Enter');
  await owner.waitForSelector('.studio');
  assert.ok(!owner.asked.some((url) => url.includes(m.token)));
  assert.match(await owner.innerText('.top'), /li@shop\.example/);
});

test('one changes the own password, and signs in with it after signing out everywhere', async () => {
  const other = await open('/studio', { width: 390, locale: 'zh-CN', colorScheme: 'dark' });
  await other.waitForSelector('[name=password]');
  await fit(other, 'sign-in, in Chinese, dark');
  await other.fill('[name=email]', 'li@shop.example');
  await other.fill('[name=password]', 'a wrong one');
  await other.keyboard.press('Enter');
  assert.equal(await other.textContent('.trouble'), '邮箱或密码不正确。');
  await other.fill('[name=password]', 'corn and tea 1');
  await other.keyboard.press('Enter');
  await other.waitForSelector('.studio');

  await owner.click('.who');
  await fit(owner, 'the account menu');
  await owner.click('.menu a');
  await owner.fill('#old', 'corn and tea 1');
  await owner.fill('#password', 'rice and honey 2');
  await fit(owner, 'own password');
  await owner.keyboard.press('Enter');
  await owner.waitForSelector('.told');
  await other.reload();
  await other.waitForSelector('[name=password]'); // a new password signs out everywhere else
  await other.fill('[name=email]', 'li@shop.example');
  await other.fill('[name=password]', 'rice and honey 2');
  await other.keyboard.press('Enter');
  await other.waitForSelector('.studio');

  await owner.click('.who');
  await owner.click('.menu button:last-of-type');
  await owner.waitForSelector('[name=password]');
  await other.reload();
  await other.waitForSelector('[name=password]');
  await other.context().close();
});
