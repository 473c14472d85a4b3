import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { found, neighbours, parseItem, type Item } from '../../src/dock/item.ts';

const base = 'https://live.example';
const item = (id: string, title = id, sku = id): Item => parseItem({ id, title, sku, rev: 1, price: 100, currency: 'CNY', digits: 2, stock: 'in' }, base)!;

describe('parseItem', () => {
  it('reads a product', () => assert.deepEqual(parseItem({ id: 'P', sku: 'TEA', rev: 3, title: 'Tea', price: 12800, list_price: 15000, currency: 'CNY', digits: 2, stock: 'low', images: ['/tea.jpg'], org: 'home', seller: 'Hill' }, base),
    { id: 'P', sku: 'TEA', rev: 3, title: 'Tea', price: 12800, list_price: 15000, currency: 'CNY', digits: 2, stock: 'low', image: 'https://live.example/tea.jpg', org: 'home', seller: 'Hill', buyable: false }));
  it('keeps of a card what it does not say', () => {
    const known = parseItem({ id: 'P', sku: 'TEA', rev: 1, title: 'Tea', price: 100, currency: 'JPY', digits: 0, image: '/tea.jpg' }, base);
    const now = parseItem({ id: 'P', rev: 2, price: 90, stock: 'out' }, base, known);
    assert.deepEqual([now?.title, now?.image, now?.price, now?.digits, now?.stock, now?.rev], ['Tea', 'https://live.example/tea.jpg', 90, 0, 'out', 2]);
  });
  it('knows whether there is a link, also from a card, which has none', () => {
    const known = parseItem({ id: 'P', sku: 'TEA', link: 'https://shop.example/tea' }, base);
    assert.deepEqual([known?.buyable, parseItem({ id: 'P', rev: 2, price: 90 }, base, known)?.buyable], [true, true]);
  });
  it('lets no script in as a picture', () => assert.equal(parseItem({ id: 'P', image: 'javascript:alert(1)' }, base)?.image, ''));
  it('takes nonsense for nothing said', () => {
    for (const j of [null, 7, 'x', [], {}, { id: 3 }]) assert.equal(parseItem(j, base), undefined);
    const odd = parseItem({ id: 'P', price: 'much', rev: 1.5, stock: 'some', title: 7 }, base);
    assert.deepEqual([odd?.title, odd?.price, odd?.rev, odd?.stock], ['P', 0, 0, 'in']);
  });
});

describe('found', () => {
  const all = [item('A', '玉米 5kg', 'CORN-5'), item('B', 'Green Tea', 'TEA-1'), item('C', 'Black tea', 'TEA-2')];
  const ids = (search: string): string => found(all, search).map((p) => p.id).join('');
  it('takes each word from the title or the SKU', () => assert.deepEqual(['tea', 'TEA green', 'tea-2', '玉米', 'corn 玉米'].map(ids), ['BC', 'B', 'C', 'A', 'A']));
  it('finds all without a word, and nothing that lacks one', () => assert.deepEqual([ids(''), ids('  '), ids('tea corn')], ['ABC', 'ABC', '']));
});

describe('neighbours', () => {
  const all = ['A', 'B', 'C'].map((id) => item(id));
  const names = (shown: string): string => { const n = neighbours(all, shown); return `${n.previous?.id ?? '-'}${n.next?.id ?? '-'}`; };
  it('stand before and behind what is shown', () => assert.deepEqual(['A', 'B', 'C'].map(names), ['-B', 'AC', 'B-']));
  it('begin with the first', () => assert.deepEqual(['', 'gone'].map(names), ['-A', '-A']));
  it('offer the next one in stock where the next is sold out', () => {
    const some = [item('A'), { ...item('B'), stock: 'out' as const }, { ...item('C'), stock: 'out' as const }, item('D')];
    assert.deepEqual(['', 'A', 'B', 'C'].map((id) => { const n = neighbours(some, id); return `${n.next?.id}${n.instead?.id ?? '-'}`; }), ['A-', 'BD', 'CD', 'D-']);
    assert.equal(neighbours(some.slice(0, 3), 'A').instead, undefined);
  });
});
