// Whether a state of a page is fit for everybody.
import assert from 'node:assert/strict';
import { axe } from './axe.mjs';

/**
 * axe finds nothing, nothing is over the edge, and thumbs hit every control. `controls` is a selector, `least` their least side in CSS
 * pixels; `tallAlone`: only their height counts. Of a box to tick it is the side of its label, which is pressed as well.
 * For people who work on the pages: SHOTS=FOLDER keeps a picture of each state.
 */
export async function fit(page, state, { controls = 'button, input, select, a', least = 44, tallAlone = false } = {}) {
  if (process.env.SHOTS) await shots(page, state);
  assert.deepEqual(await axe(page), [], state);
  await fits(page, state, { controls, least, tallAlone });
}

/** fit without axe, for one more width of a state. */
export async function fits(page, state, { controls, least, tallAlone }) {
  const { over, small } = await page.evaluate(([controls, least, tallAlone]) => ({
    over: document.documentElement.scrollWidth - document.documentElement.clientWidth, // beside a scroll bar, where there is one
    small: [...document.querySelectorAll(controls)].filter((e) => { const b = (/^(checkbox|radio)$/.test(e.type) && e.closest('label') || e).getBoundingClientRect(); return b.width && (b.height < least || (!tallAlone && b.width < least)); }).map((e) => e.outerHTML.slice(0, 80)),
  }), [controls, least, tallAlone]);
  assert.deepEqual([over, small], [0, []], state);
}

/** Pictures of a state on a desk and on a phone, light and dark. */
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
