import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barsOf } from '../../src/dock/numbers/bars.ts';

test('bars stand in their minutes, the greatest as high as the drawing, and one order can be seen', () => {
  assert.deepEqual(barsOf([0, 0, 0], 30), []);
  const bars = barsOf([1, 0, 100], 30);
  assert.deepEqual(bars.map((b) => [b.x, b.width]), [[0, 9], [20, 9]]);
  assert.deepEqual(bars.map((b) => b.y + b.height), [24, 24], 'all stand on the same ground');
  assert.equal(bars[0]!.height, 2);
  assert.equal(bars[1]!.height, 24);
});
