import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clockTime, keyed, placeTime, timeAt } from '../../src/player/seek.ts';
import { wordsFor } from '../../src/player/words.ts';

describe('clockTime', () => {
  const cases: [number, string][] = [[0, '0:00'], [7.9, '0:07'], [60, '1:00'], [754, '12:34'], [3599.99, '59:59'], [3723, '1:02:03'], [-1, '0:00'], [NaN, '0:00']];
  for (const [seconds, want] of cases) it(`${seconds}`, () => assert.equal(clockTime(seconds), want));
});

describe('timeAt', () => {
  const bar = { left: 100, width: 216 };
  it('reaches from end to end, and no further', () => {
    assert.equal(timeAt(108, bar, 60), 0);
    assert.equal(timeAt(208, bar, 60), 30);
    assert.equal(timeAt(308, bar, 60), 60);
    assert.equal(timeAt(0, bar, 60), 0);
    assert.equal(timeAt(999, bar, 60), 60);
  });
});

describe('keyed', () => {
  it('moves by five seconds, within the recording', () => {
    assert.equal(keyed('ArrowRight', 10, 60), 15);
    assert.equal(keyed('ArrowLeft', 10, 60), 5);
    assert.equal(keyed('ArrowLeft', 3, 60), 0);
    assert.equal(keyed('ArrowRight', 58, 60), 60);
    assert.equal(keyed('Home', 10, 60), 0);
    assert.equal(keyed('End', 10, 60), 60);
    assert.equal(keyed('a', 10, 60), undefined);
  });
});

describe('placeTime', () => {
  const { text } = wordsFor('', 'en');
  it('is the time in a recording', () => assert.equal(placeTime({ at: 100, duration: 310 }, text), '1:40'));
  it('is the distance from live in a show', () => assert.equal(placeTime({ at: 95, duration: 310, live: true }, text), '−3:35'));
  it('is live at its end', () => assert.equal(placeTime({ at: 305, duration: 310, live: true }, text), 'LIVE'));
});
