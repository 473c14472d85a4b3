import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldsOf, linesOf, pasted, refIn, trial } from '../../src/studio/listings/listed.ts';

const shirt = { id: 'P', sku: 'SHIRT', variants: [{ id: 'P-1-1', sku: 'SHIRT-M', options: { size: 'M', colour: 'blue' } }, { id: 'P-1-2', sku: 'SHIRT-L', options: { size: 'L' } }, { sku: 'NEW' }] };

test('a shop that needs a name of its own lists the variants, others the product, too; what is not saved yet is listed by none', () => {
  assert.deepEqual(linesOf(shirt, ['ref']).map((l) => l.id), ['P-1-1', 'P-1-2']);
  assert.deepEqual(linesOf(shirt, ['link']).map((l) => l.id), ['P', 'P-1-1', 'P-1-2']);
  assert.equal(linesOf(shirt, ['ref'])[0]!.name, 'M, blue');
  assert.deepEqual(linesOf({ id: 'T', sku: 'TEA' }, ['ref']).map((l) => l.id), ['T']);
});

test('each kind of shop asks for what it needs', () => {
  assert.deepEqual(fieldsOf({ kind: 'shopify', config: { domain: 'x.myshopify.com' } }), ['ref']);
  assert.deepEqual(fieldsOf({ kind: 'stripe-link', config: {} }), ['link']);
  assert.deepEqual(fieldsOf({ kind: 'link', config: { template: 'https://x.example/{variant}' } }), ['ref', 'link']);
  assert.deepEqual(fieldsOf({ kind: 'link', config: { template: 'https://x.example/{sku}' } }), ['link']);
});

test('a number is found in what people copy', () => {
  for (const text of [' 70881412 ', 'https://admin.shopify.com/store/tea/products/1/variants/70881412', 'gid://shopify/ProductVariant/70881412', 'https://tea.example/products/x?variant=70881412'])
    assert.equal(refIn(text, 'shopify'), '70881412');
  assert.equal(refIn(' A-1 ', 'link'), 'A-1');
});

test('a column goes down from where it is pasted, a table goes by SKU, and one value stays one', () => {
  const lines = linesOf(shirt, ['ref']);
  assert.equal(pasted('70881412', lines, 0), undefined);
  assert.deepEqual([...pasted('1\r\n2\r\n3\n', lines, 0)!], [['P-1-1', '1'], ['P-1-2', '2']]);
  assert.deepEqual([...pasted('1\n2', lines, 1)!], [['P-1-2', '1']]);
  assert.deepEqual([...pasted('sku,number\nSHIRT-L,22\n"SHIRT-M","11"\nOTHER,3', lines, 1)!], [['P-1-2', '22'], ['P-1-1', '11']]);
  assert.deepEqual([...pasted('SHIRT-L\t22', lines, 0)!], [['P-1-2', '22']]);
});

test('a listing is tried where its buyers get to', () => {
  assert.equal(trial({ kind: 'shopify', config: { domain: 'tea.myshopify.com' } }, '7', ''), 'https://tea.myshopify.com/cart/7:1');
  assert.equal(trial({ kind: 'shopify', config: { domain: 'tea.myshopify.com' } }, 'x', ''), '');
  assert.equal(trial({ kind: 'link', config: {} }, '', 'https://a.example/?c={click}'), 'https://a.example/?c=');
  assert.equal(trial({ kind: 'stripe-link', config: {} }, '', 'javascript:alert(1)'), '');
});
