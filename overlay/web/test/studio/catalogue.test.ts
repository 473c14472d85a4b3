import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { csvOf } from '../../src/studio/catalogue/csv.ts';
import { blank, changes, draftOf, fieldOf, read } from '../../src/studio/catalogue/draft.ts';
import { repriced } from '../../src/studio/catalogue/reprice.ts';
import { former } from '../../src/studio/catalogue/former.ts';
import type { Product } from '../../src/studio/catalogue/words.ts';

const tea: Product = {
  id: '01A', rev: 3, sku: 'TEA', title: 'Tea', price: 1250, list_price: 1500, currency: 'CNY', digits: 2, stock: 'in', type: 'physical', image: '/i/a.jpg', titles: { de: 'Tee' },
  variants: [{ id: '01A-1-1', sku: 'TEA-S', options: { size: 'S' }, price: 1250, list_price: 1300, gtin: '4006381333931' }, { id: '01A-1-2', sku: 'TEA-L', options: { size: 'L' } }],
};

describe('a product as somebody types it', () => {
  it('comes back as it was', () => {
    const d = draftOf(tea);
    const { body, bad } = read(d);
    assert.deepEqual([bad, body['price'], body['list_price'], body['image'], body['titles']], [undefined, 1250, 1500, '/i/a.jpg', { de: 'Tee' }]);
    assert.deepEqual(body['variants'], [{ id: '01A-1-1', sku: 'TEA-S', options: { size: 'S' }, price: 1250, list_price: 1300, gtin: '4006381333931' }, { id: '01A-1-2', sku: 'TEA-L', options: { size: 'L' } }]);
    assert.deepEqual(changes(tea, body), {});
  });
  it('tells what differs', () => {
    const d = draftOf(tea);
    d.price = '9,90';
    d.titles = [];
    assert.deepEqual(changes(tea, read(d).body), { price: 990, titles: {} });
  });
  it('knows the digits of a currency', () => {
    assert.equal(read({ ...blank('JPY'), price: '1980' }).body['price'], 1980);
    assert.equal(read({ ...blank('JPY'), price: '19.80' }).bad, 'price');
    assert.equal(read({ ...blank('KWD'), price: '1.250' }).body['price'], 1250);
  });
  it('finds the field that the server speaks of', () => {
    assert.deepEqual(['sku: is missing', 'variants[1].sku: is that of variants[0], too', 'the disk is full'].map(fieldOf), ['sku', 'variants[1].sku', '']);
  });
});

describe('a change', () => {
  it('by percent rounds to whole minor units, and takes variants along', () => {
    assert.deepEqual(repriced(tea, -10), { price: 1125, list_price: 1500, variants: [{ ...tea.variants![0], price: 1125, list_price: 1300 }, tea.variants![1]] });
    assert.deepEqual(repriced({ ...tea, variants: [] }, 50), { price: 1875, list_price: 0 });
  });
  it('is undone by what was there', () => assert.deepEqual(former(tea, { rev: 3, price: 1, category: 'Food' }), { price: 1250, category: null }));
});

describe('rejected rows as a CSV', () => {
  it('have no formulas, and quotes', () => assert.equal(csvOf([['Row', 'Reason'], ['2', '=1+1 "x"']]), '\ufeff"Row","Reason"\r\n"2","\'=1+1 ""x"""\r\n'));
});
