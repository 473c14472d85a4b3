import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Goods } from '../../src/shared/goods.ts';
import { parseLineup } from '../../src/shared/lineup.ts';
import { parseShown } from '../../src/shared/shown.ts';

const shown = (...list: [string, number][]): { product: { id: string; price: number }; date: number }[] =>
  list.map(([id, date]) => ({ product: { id, price: 1 }, date }));
const ids = (g: Goods): string => g.all().map((x) => x.product.id + (x.on ? '*' : '')).join(' ');

describe('Goods', () => {
  it('gives who comes late what was shown before', () => {
    const g = new Goods();
    g.note({ id: 'C', price: 9 }, 'S', true);
    assert.equal(g.early('S', shown(['A', 1], ['B', 2], ['C', 3]), 10), true);
    assert.equal(ids(g), 'C* B A');
    assert.equal(g.all()[0]!.product.price, 9, 'the stream is newer than the list');
    g.note({ id: 'C' }, 'S', false);
    g.note({ id: 'D' }, 'S', true);
    assert.equal(ids(g), 'D* C B A');
    g.note({ id: 'B' }, 'S', true);
    assert.equal(ids(g), 'D* C B* A', 'nothing moves when a product is shown again');
  });
  it('goes as the show went, where its chapters do', () => {
    const g = new Goods();
    g.early('S', shown(['A', 1], ['B', 2]), 10);
    g.note({ id: 'C' }, 'S', true);
    assert.deepEqual(g.all(true).map((x) => x.product.id), ['A', 'B', 'C']);
  });
  it('lets nothing come up before its moment of the picture', () => {
    const g = new Goods();
    assert.equal(g.early('S', shown(['A', 1], ['B', 20]), 10), true);
    assert.equal(ids(g), 'A');
    assert.equal(g.early('S', shown(['A', 1], ['B', 20]), 15), false);
  });
  it('shows what is in stock now, and after the show the price of today', () => {
    const g = new Goods();
    const list = (now: object): Parameters<Goods['early']>[1] => [{ product: { id: 'A', price: 5, stock: 'in' }, date: 1, now }, { product: { id: 'B', price: 5 }, date: 2, now: {} }];
    const of = (id: string) => g.all().find((x) => x.product.id === id)!.product;
    g.early('S', list({ id: 'A', stock: 'out' }), 10);
    assert.deepEqual([of('A').price, of('A').stock], [5, 'out']);
    g.note({ id: 'A', price: 4, stock: 'low' }, 'S', true);
    g.early('S', list({ id: 'A', stock: 'out' }), 10);
    assert.equal(of('A').stock, 'low', 'what is pinned is told by the stream');
    assert.equal(g.early('S', list({ id: 'A', price: 9, stock: 'in' }), 10), true);
    assert.deepEqual([of('A').price, of('A').stock], [9, 'in']);
    g.note({ id: 'A', price: 4, stock: 'low' }, 'S', true);
    assert.equal(of('A').price, 9, 'the stream of a recording is old');
  });
  it('keeps its list after the end, and begins anew with another show', () => {
    const g = new Goods();
    g.note({ id: 'A' }, 'S', true);
    g.note({ id: 'A' }, 'S', false);
    assert.equal(ids(g), 'A');
    g.note({ id: 'X' }, 'T', true);
    assert.equal(ids(g), 'X*');
  });
});

describe('the line-up', () => {
  const line = (id: string, label = ''): { product: { id: string }; label: string } => ({ product: { id }, label });
  it('stands behind what was shown, in its own order, and a product moves up when it is shown', () => {
    const g = new Goods();
    assert.equal(g.planned('S', [line('A'), line('B'), line('C')]), true);
    assert.deepEqual(g.all().map((x) => [x.product.id, x.coming, x.show]), [['A', true, 'S'], ['B', true, 'S'], ['C', true, 'S']]);
    g.note({ id: 'B' }, 'S', true);
    assert.deepEqual(g.all().map((x) => [x.product.id, x.coming]), [['B', false], ['A', true], ['C', true]]);
    assert.equal(g.planned('S', [line('A'), line('B'), line('C')]), false, 'nothing is new');
  });
  it('says what the buttons say, of what was shown too', () => {
    const g = new Goods();
    g.note({ id: 'A' }, 'S', false);
    g.planned('S', [line('A', 'Reserve'), line('B', 'Taste')]);
    assert.deepEqual(g.all().map((x) => x.label), ['Reserve', 'Taste']);
  });
  it('goes with its show', () => {
    const g = new Goods();
    g.planned('S', [line('A')]);
    g.note({ id: 'X' }, 'T', true);
    assert.equal(ids(g), 'X*');
  });
  it('is read, and what is none is left out', () => {
    assert.deepEqual(parseLineup({ items: [{ product: { id: 'A' }, button_label: 'Go' }, null, {}, { product: { id: 7 } }, { product: { id: 'B' }, button_label: 5 }] }), [line('A', 'Go'), line('B')]);
    for (const json of [null, {}, { items: 'x' }]) assert.deepEqual(parseLineup(json), []);
  });
});

describe('parseShown', () => {
  it('leaves out what it cannot use', () => {
    const good = { product: { id: 'A' }, date: '2026-11-20T18:00:00Z' };
    assert.deepEqual(parseShown({ products: [good, null, {}, { product: null, date: good.date }, { product: { id: 1 }, date: good.date }, { product: { id: 'B' }, date: 'soon' }] }), [
      { product: { id: 'A' }, date: Date.UTC(2026, 10, 20, 18), now: {} },
    ]);
    for (const json of [null, {}, { products: 'x' }]) assert.deepEqual(parseShown(json), []);
  });
});
