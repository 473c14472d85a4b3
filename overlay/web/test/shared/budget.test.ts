import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { breaches, budgets, weight } from '../../build/budget.mjs';

describe('the budgets of the apps', () => {
  const app = (size: number, ...inputs: string[]) => ({ weight: size, inputs });
  it('let pass what is within them', () => assert.deepEqual(breaches({ player: app(budgets['player']!), operator: app(1, 'node_modules/uplot/dist/uPlot.esm.js') }), []));
  it('stop an app that is too heavy, or has none', () => {
    assert.deepEqual(breaches({ player: app(budgets['player']! + 1) }), [`player weighs ${budgets['player']! + 1} bytes gzipped, over its budget of ${budgets['player']}`]);
    assert.deepEqual(breaches({ kiosk: app(1) }), ['kiosk has no budget']);
  });
  it('stop a watch page that is too heavy with what comes later', () => {
    const watch = budgets['watch']!;
    assert.deepEqual(breaches({ watch: app(watch), extras: app(60_000 - watch) }).filter((b) => b.startsWith('watch and')), []);
    assert.deepEqual(breaches({ watch: app(watch), extras: app(60_001 - watch) }).filter((b) => b.startsWith('watch and')), ['watch and extras weigh 60001 bytes gzipped, over their budget of 60000']);
  });
  it('keep the libraries of hosts from viewers', () => {
    const inputs = ['node_modules/@awesome.me/webawesome/dist/chunks/a.js', 'node_modules/uplot/dist/uPlot.esm.js', 'node_modules/openapi-fetch/dist/index.mjs'];
    for (const input of inputs) for (const name of ['player', 'watch']) assert.deepEqual(breaches({ [name]: app(1, 'src/a.ts', input) }), [`${name} loads ${input}`]);
  });
  it('count each file as it is sent', () => assert.ok(weight([new Uint8Array(1000), new Uint8Array(1000)]) < 100));
});
