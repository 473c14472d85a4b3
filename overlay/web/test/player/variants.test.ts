import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Hydration, usable } from '../../src/player/hydration.ts';
import { asBought, available, chosen, matches, optionsOf, variantsOf } from '../../src/player/variants.ts';

const shirt = {
  variants: [
    { id: 'P-1-1', sku: 'M-RED', options: { size: 'M', colour: 'red' }, price: 2500, stock: 'in', go: '/go/S/P-1-1' },
    { id: 'P-1-2', sku: 'L-RED', options: { size: 'L', colour: 'red' }, price: 2900, list_price: 3900, stock: 'out' },
    { id: 'P-1-3', sku: 'L-BLUE', options: { size: 'L', colour: 'blue' }, price: 2900, stock: 'low' },
    { id: 7, price: 1 }, { id: 'P-1-4' }, null,
  ],
};

test('variants are read, and what is none is left out', () => {
  const list = variantsOf(shirt);
  assert.deepEqual(list.map((v) => [v.sku, v.linked, v.stock]), [['M-RED', true, 'in'], ['L-RED', false, 'out'], ['L-BLUE', false, 'low']]);
  for (const json of [null, 3, {}, { variants: 'x' }]) assert.deepEqual(variantsOf(json), []);
  assert.equal(variantsOf({ variants: [{ id: 'a', price: 1, options: { size: 3 }, stock: 'lots' }] })[0]!.stock, 'in');
});

test('a choice leads to a variant', () => {
  const list = variantsOf(shirt);
  assert.deepEqual(optionsOf(list), [['size', ['M', 'L']], ['colour', ['red', 'blue']]]);
  assert.equal(chosen(list, { size: 'L' }), undefined);
  assert.equal(chosen(list, { size: 'L', colour: 'blue' })?.sku, 'L-BLUE');
  assert.equal(chosen(list, { size: 'M', colour: 'blue' }), undefined);
  assert.equal(available(list, {}, 'size', 'L'), true);
  assert.equal(available(list, { colour: 'red' }, 'size', 'L'), false, 'it is sold out');
  assert.equal(available(list, { size: 'M' }, 'colour', 'blue'), false, 'there is none');
  const p = { id: 'P', sku: 'SHIRT', price: 2500, list_price: 2600, currency: 'EUR', stock: 'in' } as const;
  assert.deepEqual(asBought(p, list[0]), { ...p, sku: 'M-RED', list_price: null });
  assert.deepEqual([asBought(p, list[1]).price, asBought(p, list[1]).list_price, asBought(p, list[1]).stock], [2900, 3900, 'out']);
  assert.equal(asBought(p, undefined), p);
});

test('a search finds words in any order, and in any script', () => {
  for (const [text, search, found] of [
    ['Crème brûlée, 4 pieces', 'BRULEE creme', true], ['高山绿茶 100g', '绿茶', true], ['ชาเขียว', 'เขียว', true], ['Sweet corn', 'corn honey', false], ['Sweet corn', '  ', true], ['Ｃｏｒｎ', 'corn', true],
  ] as const) assert.equal(matches(text, search), found, search);
});

test('what the page says is used as far as it makes sense', () => {
  assert.deepEqual(usable({ price: 990, currency: 'USD', list_price: 1200, title: 'Corn', stock: 'out' }), { title: 'Corn', price: 990, list_price: 1200, currency: 'USD', digits: undefined, stock: 'out' });
  assert.deepEqual(usable({ price: 990 }), { price: 990, list_price: null });
  for (const bad of [null, 'x', 7, {}, { price: '9.90', currency: 'USD' }, { price: -1 }, { currency: 'USD' }, { title: ' ', stock: 'many' }, { price: 1.5 }]) assert.deepEqual(usable(bad), {});
});

test('the page is asked once for each revision, and its failure changes nothing', async () => {
  const asked: string[][] = [];
  let changed = 0;
  const h = new Hydration(async (products, wish) => {
    asked.push([...products.map((p) => p.sku ?? ''), wish.currency]);
    if (products.some((p) => p.sku === 'BAD')) throw new Error('the page is broken');
    return { CORN: { price: 100, currency: wish.currency } };
  }, () => ({ show: 'S', lang: 'en', currency: 'USD' }), () => changed++);
  const corn = { id: 'A', rev: 1, sku: 'CORN', price: 5, currency: 'EUR' };
  assert.equal(h.of(corn).price, 5);
  h.of(corn);
  h.of({ id: 'B', rev: 1, sku: 'TEA' });
  await new Promise((r) => setTimeout(r));
  assert.deepEqual([asked, changed], [[['CORN', 'TEA', 'USD']], 1]);
  assert.deepEqual([h.of(corn).price, h.of(corn).currency], [100, 'USD']);
  const warn = console.warn;
  console.warn = () => undefined;
  assert.equal(h.of({ id: 'C', rev: 1, sku: 'BAD', price: 7 }).price, 7);
  await new Promise((r) => setTimeout(r));
  console.warn = warn;
  assert.equal(h.of({ id: 'C', rev: 1, sku: 'BAD', price: 7 }).price, 7);
  assert.equal(asked.length, 2);
});
