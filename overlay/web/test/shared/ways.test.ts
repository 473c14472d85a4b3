import assert from 'node:assert/strict';
import { test } from 'node:test';
import { momentOf } from '../../src/shared/ways.ts';

const page = 'https://live.example/watch/demo';
const now = Date.UTC(2026, 11, 1, 12);

test('a moment of a recording is its second', () => {
  assert.deepEqual(momentOf(page, { show: '01J', at: 75.9 }), { url: `${page}?show=01J&t=75`, at: 75 });
  assert.deepEqual(momentOf(`${page}?show=01J`, { show: '01J', at: 3700 }), { url: `${page}?show=01J&t=3700`, at: 3700 });
});

test('a moment of a live show is its date, if it is in the past', () => {
  assert.deepEqual(momentOf(page, { show: '01J', date: now - 90_500 }, now), { url: `${page}?show=01J&date=${now / 1000 - 91}` });
});

test('the begin of a recording, the live edge and a page without a show have no moment', () => {
  for (const plays of [{ show: '01J', at: 0 }, { show: '01J', at: 4.9 }, { show: '01J', date: now - 20_000 }, { show: '01J' }, { show: '', at: 75 }]) {
    assert.equal(momentOf(page, plays, now), undefined, JSON.stringify(plays));
  }
});
