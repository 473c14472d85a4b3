import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { csvOf } from '../../src/studio/catalogue/csv.ts';
import { blank, changes, draftOf, fieldOf, read } from '../../src/studio/catalogue/draft.ts';
import { repriced } from '../../src/studio/catalogue/reprice.ts';
import { former } from '../../src/studio/catalogue/former.ts';
import { inWords, parted } from '../../src/studio/catalogue/job-rows.ts';
import { guess, mostUsed } from '../../src/studio/parts/currencies.ts';
import { inVain } from '../../src/studio/imports/words.ts';
import { clipsOf } from '../../src/studio/replays/clips.ts';
import { buyable } from '../../src/shared/buyable.ts';
import table from '../../src/generated/strings/studio-catalogue.ts';
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

describe('a product without a link', () => {
  it('cannot be bought, unless one of its variants has one', () => {
    assert.deepEqual([{}, { link: '' }, { link: 'https://shop.example' }, { variants: null }, { variants: [{ sku: 'S' }] }, { variants: [{ sku: 'S' }, { link: 'https://shop.example/s' }] }].map(buyable), [false, false, true, false, false, true]);
  });
});

describe('a row that is left out', () => {
  it('has its column apart from what is wrong with it', () => {
    const said = (text: string): string => ({ 'link: must be an address': 'This must be an address.' })[text] ?? text;
    assert.deepEqual(parted('link: must be an address', said), { column: 'link', why: 'This must be an address.' });
    assert.deepEqual(parted('availability date: "soon" is not a date', said), { column: 'availability date', why: '"soon" is not a date' });
    assert.deepEqual(parted('is in a show that is on air: wait', said), { column: '', why: 'is in a show that is on air: wait' });
    assert.deepEqual(parted('has a cell with more than 64 KiB', said), { column: '', why: 'has a cell with more than 64 KiB' });
  });
  it('names the column as the page does, in both languages', () => {
    assert.equal(inWords('sku must not have spaces.', 'sku', table.en), 'SKU must not have spaces.');
    assert.equal(inWords('sku 不能含空格。', 'sku', table.zh), 'SKU 不能含空格。');
    assert.equal(inWords('缺少 price。', 'price', table.zh), '缺少 价格。');
    assert.equal(inWords('“x” is not a price.', 'price', table.en), '“x” is not a price.');
  });
  it('makes an import vain that changed nothing else', () => {
    const of = (state: string, changed: number, rejected_rows: number): boolean => inVain({ state, new: 0, changed, rejected_rows } as never);
    assert.deepEqual([of('applied', 0, 3), of('applied', 1, 3), of('applied', 0, 0), of('ready', 0, 3)], [true, false, false, false]);
  });
});

describe('the clips of a recording', () => {
  it('are one for each product, with all its moments', () => {
    const chapter = (id: string, start: number, clip?: string): never => ({ start, duration: 10, product: { id, title: id }, ...(clip ? { clip } : {}) }) as never;
    assert.deepEqual(clipsOf([chapter('A', 1.7), chapter('B', 20, 'b'), chapter('A', 40, 'a')]), [
      { id: 'A', title: 'A', ready: true, duration: 20, moments: [{ at: 1, duration: 10 }, { at: 40, duration: 10 }] },
      { id: 'B', title: 'B', ready: true, duration: 10, moments: [{ at: 20, duration: 10 }] },
    ]);
  });
});

it('an import begins with the currency of most products, and of as many with that of the first', () => {
  assert.equal(mostUsed(['EUR', 'CNY', 'CNY']), 'CNY');
  assert.equal(mostUsed(['EUR', 'CNY']), 'EUR');
  assert.equal(mostUsed([]), '');
});

it('a new shop begins with the currency of where the device is, or else of the language', () => {
  assert.deepEqual([guess('en', 'en-US'), guess('en', 'zh-Hant-TW'), guess('zh', 'zh'), guess('zh', 'zh-CN'), guess('en', 'de-DE'), guess('en', 'en')], ['USD', 'TWD', 'CNY', 'CNY', 'EUR', 'EUR']);
});
