import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { aroundZero, empty, extended, fromZero, isGathering, summary, timesOf } from '../../src/shared/trace.ts';

const of = (...values: (number | null)[]) => values.reduce((t, v, i) => extended(t, 100 + i, v, 3), empty);

describe('a trace', () => {
  it('keeps the last seconds', () => assert.deepEqual(of(1, 2, 3, 4), { times: [101, 102, 103], values: [2, 3, 4] }));
  it('begins anew behind a hole that is longer', () => assert.deepEqual(extended(of(1, 2), 500, 3, 3), { times: [500], values: [3] }));
  it('sums up what is known', () => {
    assert.deepEqual(summary(of(4, null, 2)), { now: 2, least: 2, most: 4 });
    assert.deepEqual(summary(of(4, 2, null)), { now: 2, least: 2, most: 4 });
    assert.equal(summary(of(null)), undefined);
    assert.equal(summary(empty), undefined);
  });
});

describe('a chart', () => {
  it('waits until there is a line to draw', () => {
    assert.equal(isGathering(empty), true);
    assert.equal(isGathering(of(1, null, 2)), true);
    assert.equal(isGathering(of(1, 2, 3)), false);
  });
  it('grows with its line', () => {
    const from = (age: number) => timesOf({ times: [1000 - age], values: [1] }, 1000, 20, 120)[0];
    assert.deepEqual([from(4), from(60), from(500)], [980, 940, 880]);
    assert.deepEqual(timesOf(empty, 1000, 20, 120), [980, 1000]);
  });
});

describe('the scale', () => {
  it('of an amount begins at zero, and has room above', () => {
    assert.deepEqual(fromZero(1)(of(2, 10)), [0, 11]);
    assert.deepEqual(fromZero(1)(of(0)), [0, 1]);
    assert.deepEqual(fromZero(1)(empty), [0, 1]);
  });
  it('of a skew has zero in its middle', () => {
    assert.deepEqual(aroundZero(50)(of(12, -8)), [-50, 50]);
    assert.deepEqual(aroundZero(50)(of(10, -100)), [-110.00000000000001, 110.00000000000001]);
  });
});
