import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { changed, differences, sent, stepped, type Change, type Line } from '../../src/studio/shows/change.ts';

const line = (product: string, more: Partial<Line> = {}): Line => ({
  product, catalogue: { rev: 1, price: 100 }, ...more,
  goods: { id: product, sku: product, title: product, price: more.price ?? 100, currency: 'CNY', digits: 2, rev: 1, stock: 'in' } as Line['goods'],
});
const abc = ['a', 'b', 'c'].map((p) => line(p));
const order = (lines: readonly Line[] | undefined): string | undefined => lines?.map((l) => l.product).join('');

describe('a change of a line-up', () => {
  it('is made on the lines as they are then', () => {
    const cases: [Change, string | undefined][] = [
      [{ kind: 'add', lines: [line('d')], before: 'b' }, 'adbc'],
      [{ kind: 'add', lines: [line('d')], before: 'gone' }, 'abcd'],
      [{ kind: 'add', lines: [line('b'), line('d')], before: '' }, 'abcd'],
      [{ kind: 'add', lines: [line('b')], before: '' }, undefined],
      [{ kind: 'move', product: 'c', before: 'a' }, 'cab'],
      [{ kind: 'move', product: 'a', before: '' }, 'bca'],
      [{ kind: 'move', product: 'a', before: 'gone' }, 'bca'],
      [{ kind: 'move', product: 'gone', before: 'a' }, undefined],
      [{ kind: 'move', product: 'a', before: 'a' }, undefined],
      [{ kind: 'remove', product: 'b' }, 'ac'],
      [{ kind: 'remove', product: 'gone' }, undefined],
      [{ kind: 'all', lines: [line('x')] }, 'x'],
    ];
    for (const [change, want] of cases) assert.equal(order(changed(abc, change)), want, JSON.stringify(change));
    assert.equal(order(abc), 'abc');
  });
  it('by a step ends at the ends', () => {
    for (const [product, by, want] of [['c', 'up', 'acb'], ['a', 'down', 'bac'], ['b', 'down', 'acb'], ['c', 'first', 'cab'], ['a', 'last', 'bca']] as const) {
      assert.equal(order(changed(abc, { kind: 'move', product, before: stepped(abc, product, by)! })), want, `${product} ${by}`);
    }
    for (const [product, by] of [['a', 'up'], ['a', 'first'], ['c', 'down'], ['c', 'last'], ['gone', 'up']] as const) assert.equal(stepped(abc, product, by), undefined);
  });
});

describe('what somebody else did', () => {
  it('is told line by line', () => {
    const after = [line('c'), line('a', { price: 80 }), line('d'), line('e', { note: 'x' })];
    const before = [...abc, line('e')];
    assert.deepEqual(differences(before, after).map((d) => d.kind + ('line' in d ? ` ${d.line.product}` : '')), ['price a', 'added d', 'details e', 'gone b', 'order']);
    assert.deepEqual(differences(abc, abc), []);
  });
});

describe('a line', () => {
  it('is sent with what it has alone; no price is another thing than nothing', () => {
    assert.deepEqual(sent(line('a')), { product: 'a' });
    assert.deepEqual(sent(line('a', { price: 0, max_per_order: 2, note: 'n' })), { product: 'a', price: 0, max_per_order: 2, note: 'n' });
  });
});
