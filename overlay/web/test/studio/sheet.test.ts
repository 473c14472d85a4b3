import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromLinks, goodsOf, numberIn, planOf } from '../../src/studio/listings/sheet.ts';

const shop = { kind: 'shopify', config: { domain: 'tea.myshopify.com', hosts: ['www.tea.example'] } };
const products = [
  { id: 'S', sku: 'SHIRT', link: 'https://www.tea.example/shirt?variant=9', variants: [{ id: 'S-1', sku: 'SHIRT-M', link: 'https://www.tea.example/shirt?variant=11' }, { id: 'S-2', sku: 'SHIRT-L' }] },
  { id: 'T', sku: 'TEA', link: 'https://tea.myshopify.com/tea?variant=33&click={click}' },
  { id: 'A', sku: 'TWIN' }, { id: 'B', sku: 'TWIN' },
];
const goods = goodsOf(products as never, shop);
const none = new Map<string, { ref: string; link: string }>();
const plan = (text: string, kept = none) => {
  const { puts, same, misses } = planOf(text, goods, shop, kept);
  return { puts: puts.map((p) => `${p.line} ${p.item.id}=${p.value}`), same, misses: misses.map((m) => `${m.line} ${m.what} ${m.fault}`) };
};

test('a whole catalogue is filled out of one paste, and each line that does not fit is told by its number', () => {
  assert.deepEqual(plan('SKU\tVariant ID\nSHIRT-M\t11\nSHIRT-L, "22"\n\nTEA 33\nSHIRT\t9\nNOPE\t1\nTEA\tsoon\nTWIN\t5\nTEA\t34\nSHIRT-M;11'), {
    puts: ['2 S-1=11', '3 S-2=22', '5 T=33'], same: 0,
    misses: ['6 SHIRT parent', '7 NOPE unknown', '8 soon bad', '9 TWIN several', '10 TEA twice'],
  });
});

test('what the shop has already is not written again, and addresses of Shopify are taken for their number', () => {
  assert.deepEqual(plan('SHIRT-M\tgid://shopify/ProductVariant/11\nTEA\t34', new Map([['S-1', { ref: '11', link: '' }], ['T', { ref: '33', link: '' }]])), { puts: ['2 T=34'], same: 1, misses: [] });
});

test('the page products.json of a Shopify shop is read as it is', () => {
  assert.deepEqual(plan(JSON.stringify({ products: [{ variants: [{ id: 11, sku: 'SHIRT-M' }, { id: 12, sku: '' }, { id: 13, sku: null }] }, { variants: [{ id: 44512398712041, sku: 'TEA' }] }] })), { puts: ['1 S-1=11', '4 T=44512398712041'], same: 0, misses: [] });
  assert.deepEqual(plan('{ "products": '), { puts: [], same: 0, misses: [] }, 'half a page fits nothing');
});

test('links give the numbers of variants that have a link of their own, in this shop, and no number yet', () => {
  const of = (kept = none) => fromLinks(goods, shop, kept).map((p) => `${p.item.id}=${p.value}`);
  assert.deepEqual(of(), ['S-1=11', 'T=33']);
  assert.deepEqual(of(new Map([['T', { ref: '1', link: '' }]])), ['S-1=11']);
  assert.equal(numberIn('https://elsewhere.example/tea?variant=33', shop), '');
  assert.equal(numberIn('https://www.tea.example/tea?variant=x', shop), '');
  assert.equal(numberIn('https://www.tea.example/tea?variant=33', { kind: 'link', config: {} }), '');
});

test('a shop that needs an address takes the product itself, too', () => {
  const pay = { kind: 'stripe-link', config: {} };
  const { puts, misses } = planOf('SHIRT\thttps://buy.stripe.com/a\nTEA\tsoon', goodsOf(products as never, pay), pay, none);
  assert.deepEqual([puts.map((p) => p.value), misses.map((m) => m.fault)], [['https://buy.stripe.com/a'], ['bad']]);
});
