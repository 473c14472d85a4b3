import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { current, parseChapters } from '../../src/watch/chapters.ts';

const date = '2026-11-21T12:00:00Z';
const ms = Date.parse(date);

describe('parseChapters', () => {
  it('reads what the server says', () => {
    const json = { v: 1, show: '01J', chapters: [{ product: { id: 'A', title: 'Corn' }, date, start: 3.5, at: 3.5, duration: 20 }, { product: { id: 'B', sku: 'HONEY' }, date, start: 31, duration: 7 }] };
    assert.deepEqual(parseChapters(json), [
      { product: 'A', title: 'Corn', date: ms, start: 3.5, at: 3.5, duration: 20 }, { product: 'B', title: 'HONEY', date: ms, start: 31, at: undefined, duration: 7 },
    ]);
  });
  it('leaves out what it cannot use', () => {
    for (const json of [null, 7, {}, { chapters: 'x' }, { chapters: [null, {}, { product: {}, date, duration: 1 }, { product: { id: 'A' }, date: 'never', duration: 1 }, { product: { id: 'A' }, date }] }]) {
      assert.deepEqual(parseChapters(json), []);
    }
  });
});

describe('current', () => {
  const list = [{ product: 'A', title: '', date: ms, start: 3, at: 3, duration: 10 }, { product: 'B', title: '', date: ms + 10_000, start: 13, at: undefined, duration: 5 }];
  it('goes by the place in a recording', () => {
    assert.equal(current(list, { at: 12.9, date: undefined })?.product, 'A');
    assert.equal(current(list, { at: 2.9, date: undefined }), undefined);
    assert.equal(current(list, { at: 13, date: undefined }), undefined);
  });
  it('goes by the date while live', () => {
    assert.equal(current(list, { at: undefined, date: ms + 10_500 })?.product, 'B');
    assert.equal(current(list, { at: undefined, date: undefined }), undefined);
  });
});
