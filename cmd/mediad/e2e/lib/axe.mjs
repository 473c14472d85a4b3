// axe-core on a page, shadow roots included, and whether keys do all that clicks do.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { keyless } from './keys.mjs';

const source = await readFile(fileURLToPath(new URL('../node_modules/axe-core/axe.min.js', import.meta.url)), 'utf8');

/** What axe finds, as lines: the rule, how bad, where and why; then what keys cannot do. */
export async function axe(page) {
  // evaluate, and no script element: the pages' policy lets no foreign one run.
  await page.evaluate(source);
  await page.evaluate(settled);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  const found = violations.flatMap((v) => v.nodes.map((n) => `${v.id} (${v.impact}) ${n.target.flat().join(' ')}: ${n.failureSummary?.replace(/\s+/g, ' ').slice(0, 200)}`));
  return [...found, ...(await keyless(page))];
}

/** In the page: waits until what fades or slides has come to its end, as half-faded text has no colours of its own. Endless motion goes on. */
async function settled() {
  const roots = [document];
  for (const root of roots) for (const e of root.querySelectorAll('*')) if (e.shadowRoot) roots.push(e.shadowRoot);
  const moving = new Set(roots.flatMap((root) => root.getAnimations()));
  const ends = [...moving].filter((a) => a.playState === 'running' && Number.isFinite(a.effect?.getComputedTiming().endTime));
  await Promise.allSettled(ends.map((a) => a.finished));
}
