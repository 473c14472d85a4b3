import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { editable, fall, isLargeFall, parsePrice } from '../../src/shared/price.ts';

describe('a price as people type it', () => {
  it('has a point or a comma, or none', () => assert.deepEqual(['39', '39.9', '39,90', ' 1 299.00 ', '３９.５', '0'].map((t) => parsePrice(t, 2)), [3900, 3990, 3990, 129900, 3950, 0]));
  it('has the digits of its currency', () => {
    assert.deepEqual([parsePrice('1980', 0), parsePrice('1980.00', 0), parsePrice('1.234', 3)], [1980, 1980, 1234]);
    assert.deepEqual([parsePrice('19.5', 0), parsePrice('1.999', 2)], [undefined, undefined]);
  });
  it('is nothing else', () => ['', 'x', '-3', '1,2,3', '1.', '.5', '1e3', '9999999999999', '1,234.50'].forEach((t) => assert.equal(parsePrice(t, 2), undefined, t)));
  it('comes back from the field as it went in', () => {
    for (const [n, digits] of [[4990, 2], [5, 2], [0, 2], [1980, 0], [1234, 3]] as const) assert.equal(parsePrice(editable(n, digits), digits), n);
    assert.deepEqual([editable(5, 2), editable(4990, 2), editable(1980, 0)], ['0.05', '49.90', '1980']);
  });
});

describe('a fall', () => {
  it('is large over 30 %', () => assert.deepEqual([isLargeFall(1000, 700), isLargeFall(1000, 699), isLargeFall(1000, 2000), isLargeFall(0, 0)], [false, true, false, false]));
  it('is told in whole percent', () => assert.deepEqual([fall(1000, 699), fall(12800, 1200), fall(100, 200), fall(100, 0)], [30, 90, 0, 100]));
});
