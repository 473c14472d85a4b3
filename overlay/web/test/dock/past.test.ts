import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pastOf, recalled } from '../../src/dock/past.ts';
import { parseItem } from '../../src/dock/item.ts';
import type { Told } from '../../src/dock/told.ts';

const when = (s: number): string => `2026-11-29T19:12:${String(s).padStart(2, '0')}Z`;
const event = (id: number, kind: string, event: object, name = 'Ann') => ({ id: String(id), show: 'S', kind, at: when(id), by: { name, id: '1' }, event });
const corn = parseItem({ id: 'P', title: 'Corn', price: 90, currency: 'CNY' }, 'https://live.example')!;

describe('what was done before', () => {
  const listed = [
    event(5, 'lineup.changed', { lineup: { rev: 2, product: 'Q', was: 90, price: 80 } }, 'Ben'),
    event(4, 'product.update', { product: { id: 'R', price: 7 } }),
    event(3, 'product.unpin', { product: { id: 'R' } }),
    event(2, 'product.pin', { product: { id: 'R', title: 'Rice', price: 9, currency: 'CNY' } }),
    event(1, 'show.start', {}),
  ];
  it('is read from the list of the log, with titles that only the cards of earlier events have', () => {
    const past = pastOf(listed, (id) => (id === 'P' ? corn : undefined));
    assert.deepEqual(past.told.map((t) => [t.pos, t.kind, t.title, t.was, t.price, t.by?.name]), [
      [5, 'update', 'Q', 90, 80, 'Ben'], [4, 'update', 'Rice', 9, 7, 'Ann'], [3, 'unpin', 'Rice', 9, undefined, 'Ann'], [2, 'pin', 'Rice', undefined, 9, 'Ann'], [1, 'start', '', undefined, undefined, 'Ann']]);
    assert.deepEqual([past.unknown, past.pos], [['Q'], 5]);
  });
  it('is nothing in nonsense', () => {
    for (const json of [undefined, null, 7, {}, [], [null, 7, {}]]) assert.deepEqual(pastOf(json, () => undefined), { told: [], unknown: [], pos: 0 });
  });
  it('replaces what this page had heard, and leaves what no log has, and what came since', () => {
    const past = pastOf(listed, () => undefined);
    const one = (pos: number, s: number, show = 'S'): Told => ({ ...past.told[0]!, show, pos, at: new Date(when(s)) });
    const list = recalled([one(6, 6), one(5, 5), one(0, 3), one(9, 0, 'before')], past.told, 'S', past.pos);
    assert.deepEqual(list.map((t) => [t.show, t.pos]), [['S', 6], ['S', 5], ['S', 4], ['S', 0], ['S', 3], ['S', 2], ['S', 1], ['before', 9]]);
  });
});
