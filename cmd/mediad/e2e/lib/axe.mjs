// axe-core on a page, shadow roots included.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const source = await readFile(fileURLToPath(new URL('../node_modules/axe-core/axe.min.js', import.meta.url)), 'utf8');

/** What axe finds, as lines: the rule, how bad, where and why. */
export async function axe(page) {
  // evaluate, and no script element: the pages' policy lets no foreign one run.
  await page.evaluate(source);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return violations.flatMap((v) => v.nodes.map((n) => `${v.id} (${v.impact}) ${n.target.flat().join(' ')}: ${n.failureSummary?.replace(/\s+/g, ' ').slice(0, 200)}`));
}
