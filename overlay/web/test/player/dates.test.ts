import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { momentOf, placeOf } from '../../src/player/dates.ts';

// Two segments, a hole of ten seconds in the dates, one more.
const list = [
  { start: 5, duration: 2, programDateTime: 1000_000 },
  { start: 7, duration: 2, programDateTime: 1002_000 },
  { start: 9, duration: 2, programDateTime: 1014_000 },
];

describe('placeOf', () => {
  const cases: [string, number, number | undefined][] = [
    ['its begin', 1000_000, 5], ['in a segment', 1003_500, 8.5], ['behind a hole', 1015_000, 10], ['in a hole', 1008_000, 9],
    ['before all', 999_999, undefined], ['after all', 1016_000, undefined],
  ];
  for (const [name, date, want] of cases) it(name, () => assert.equal(placeOf(list, date), want));
  it('knows nothing of an empty list', () => assert.equal(placeOf([], 1), undefined));
});

describe('momentOf', () => {
  const cases: [number, number][] = [[5, 1000_000], [8.5, 1003_500], [10, 1015_000], [4, 999_000]];
  for (const [place, want] of cases) it(`${place}`, () => assert.equal(momentOf(list, place), want));
});
