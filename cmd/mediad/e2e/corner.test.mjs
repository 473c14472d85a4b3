// The picture goes on in a corner while the page is read, and in a window of its own.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { axe } from './lib/axe.mjs';
import { launch } from './lib/browser.mjs';
import { ends } from './lib/ending.mjs';
import { Mediad, until } from './lib/mediad.mjs';
import { clip, push } from './lib/publisher.mjs';
import { inPlayer, instead, listen, playing } from './lib/watching.mjs';

let m, browser;
before(async () => {
  m = ends(await Mediad.start());
  browser = ends(await launch());
  ends(push(await clip({ seconds: 40, fps: 30, gop: 1 }), `${m.rtmp}/${m.key}`));
  await m.mediaPlaylist();
});

async function open(options, head = '') {
  const context = await browser.newContext({ locale: 'en-US', ...options });
  await listen(context);
  const page = await context.newPage();
  await page.goto(`${m.http}/watch/demo`);
  await page.addStyleTag({ content: `.foot { padding-bottom: 200vh } ${head}` });
  await playing(page);
  return page;
}

const corner = (page) => inPlayer(page, (_, root) => {
  const small = root.querySelector('.frame[data-mini]');
  const { left, right, top, bottom } = small?.getBoundingClientRect() ?? {};
  return small && { left, right, top, bottom, kind: small.dataset.mini, moves: root.querySelector('video').currentTime };
});
/** Whether the page no longer scrolls and shows the player; then the player knows it, too. */
const rests = (page) => inPlayer(page, async (el) => {
  const frames = async (n) => { while (n--) await new Promise(requestAnimationFrame); };
  const was = scrollY;
  await frames(6);
  const { top, bottom, height } = el.getBoundingClientRect();
  return scrollY === was && Math.min(bottom, innerHeight) - Math.max(top, 0) > 0.4 * height;
});
const scroll = (page, y) => page.evaluate((y) => scrollTo({ top: y, behavior: 'instant' }), y);

for (const [size, options, direction] of [
  ['a phone', { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }, 'ltr'],
  ['a desk', { viewport: { width: 1280, height: 800 } }, 'ltr'],
  ['a narrow phone that reads from right to left', { viewport: { width: 320, height: 640 } }, 'rtl'],
]) {
  test(`on ${size} the picture goes to the corner when the viewer scrolls on, and back`, async () => {
    const page = await open(options, `html { direction: ${direction} }`);
    const { width, height } = options.viewport;
    assert.equal(await corner(page), null);
    const place = await page.evaluate(() => document.querySelector('mediad-player').getBoundingClientRect().height);
    await scroll(page, 1500);
    const small = await until(instead('the small picture', page), () => corner(page));
    assert.ok(small.left >= 8 && small.right <= width - 8 && small.bottom <= height && small.top > height / 2, JSON.stringify(small));
    assert.ok(direction === 'rtl' ? small.left < 20 : small.right > width - 40, JSON.stringify(small));
    assert.equal(small.kind, 'wide');
    assert.equal(await page.evaluate(() => document.querySelector('mediad-player').getBoundingClientRect().height), place, 'the page jumped');
    await until(instead('it plays on', page), async () => (await corner(page)).moves > small.moves + 1);
    assert.deepEqual(await axe(page), []);

    // By keyboard: pause, play, back.
    await page.getByRole('button', { name: 'Pause', exact: true }).press('Enter');
    await page.getByRole('button', { name: 'Play', exact: true }).press('Enter');
    await page.getByRole('button', { name: 'Back to the show' }).press('Enter');
    await until('it is in its place', async () => !(await corner(page)));
    await until('the page has come to rest with the player in view', () => rests(page));

    // Closed, it comes again only after the player was in view.
    await scroll(page, 1500);
    await until('the small picture again', () => corner(page));
    await page.getByRole('button', { name: 'Close the small player' }).click();
    await until('it is gone', async () => !(await corner(page)));
    await scroll(page, 1600);
    assert.equal(await corner(page), null);
    await scroll(page, 0);
    await until('the page has come to rest with the player in view', () => rests(page));
    await scroll(page, 1500);
    await until('the small picture once more', () => corner(page));
    assert.deepEqual(await page.evaluate(() => window.seen.errors), []);
    await page.context().close();
  });
}

test('a page puts it there itself when its shop opens in place, and another never', async () => {
  const page = await open({ viewport: { width: 1280, height: 800 } });
  await inPlayer(page, (el) => (el.mini = 'on'));
  await until('the small picture', () => corner(page));
  await inPlayer(page, (el) => (el.mini = 'off'));
  await until('it is in its place', async () => !(await corner(page)));
  await scroll(page, 1500);
  await until('the page has scrolled', () => inPlayer(page, (el) => el.getBoundingClientRect().bottom < 0));
  const at = await inPlayer(page, (_, root) => root.querySelector('video').currentTime);
  await until('the show goes on', async () => (await inPlayer(page, (_, root) => root.querySelector('video').currentTime)) > at + 1);
  assert.equal(await corner(page), null);
  await page.context().close();
});

test('the button for a window of its own is there where the browser has one', async () => {
  const page = await open({ viewport: { width: 1280, height: 800 } });
  await page.mouse.move(600, 400);
  const asked = inPlayer(page, (_, root) => new Promise((ok) => (root.querySelector('video').requestPictureInPicture = () => (ok('asked'), Promise.reject(new Error('no window here'))))));
  await page.getByRole('button', { name: 'Picture in picture' }).click();
  assert.equal(await asked, 'asked');
  assert.equal(await page.evaluate(() => document.pictureInPictureEnabled), true);
  await inPlayer(page, (el) => (Object.defineProperty(document, 'pictureInPictureEnabled', { value: false, configurable: true }), el.requestUpdate()));
  await until('without one there is none', async () => !(await page.getByRole('button', { name: 'Picture in picture' }).count()));
  await page.context().close();
});
