import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { changes, deal, type Card } from '../../src/player/pins.ts';

const p = (id: string, price = 1): { id: string; price: number } => ({ id, price });
const names = (cards: readonly Card[]): string => cards.map((c) => c.product.id + (c.leaving ? '-' : '')).join(' ');

describe('changes', () => {
  it('names what left, what changed and what came', () => {
    const out = changes([p('A'), p('B')], [p('B', 2), p('C')]);
    assert.deepEqual(out.map((c) => `${c.kind} ${c.product.id}`), ['product-unpin A', 'product-update B', 'product-pin C']);
  });
  it('finds none between equal lists in another order', () => {
    assert.deepEqual(changes([p('A'), p('B')], [p('B'), p('A')]), []);
  });
});

describe('deal', () => {
  it('shows the newest first, three at most', () => {
    assert.equal(names(deal([], 'S', [p('A'), p('B'), p('C'), p('D')])), 'D C B');
  });
  it('lets what left fade in its place, once', () => {
    const one = deal([], 'S', [p('A'), p('B')]);
    const two = deal(one, 'S', [p('A')]);
    assert.equal(names(two), 'B- A');
    assert.equal(names(deal(two, 'S', [p('A')])), 'B- A');
  });
  it('takes a product back that was leaving', () => {
    assert.equal(names(deal(deal(deal([], 'S', [p('A')]), 'S', []), 'S', [p('A')])), 'A');
  });
});
