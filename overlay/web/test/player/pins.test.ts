import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CueQueue, parseCue, type Product } from '../../src/shared/cue.ts';
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

describe('a product that is taken down and pinned again', () => {
  const pin = (seq: number): string => JSON.stringify({ v: 1, kind: 'product.pin', show: 'S', seq, at: 0, product: { id: 'A', rev: 1 } });
  const unpin = (seq: number): string => JSON.stringify({ v: 1, kind: 'product.unpin', show: 'S', seq, at: 0, product: { id: 'A' } });
  /** What the player fires, as it does: from each shop to the next. */
  const fired = (...ticks: number[]): string => {
    const out: string[] = [];
    let was: readonly Product[] = [];
    const queue = new CueQueue(() => undefined, (shop) => {
      for (const { kind, product } of changes(was, shop.pinned)) out.push(`${kind} ${product.id}`);
      was = shop.pinned;
    });
    queue.tick(0);
    for (const [text, time] of [[pin(1), 1], [unpin(2), 2], [pin(3), 2.1]] as const) queue.add(parseCue(text)!, time);
    for (const now of ticks) queue.tick(now);
    return out.join(', ');
  };
  const all = 'product-pin A, product-unpin A, product-pin A';
  it('is told with a tick for each', () => assert.equal(fired(1, 2, 2.1), all));
  it('is told with one tick for both', () => assert.equal(fired(1, 2.2), all));
  it('is told with one tick for all', () => assert.equal(fired(2.2), all));
});
