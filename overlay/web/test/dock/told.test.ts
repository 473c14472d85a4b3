import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseItem } from '../../src/dock/item.ts';
import { changeOf, editsIn, pinnedIn, showOf, told, toldOf, type Told } from '../../src/dock/told.ts';

const at = '2026-11-29T19:12:13Z';
const said = (kind: string, data: unknown) => ({ kind, id: '1', data });
const corn = parseItem({ id: 'P', title: 'Corn', price: 90, currency: 'CNY', stock: 'out', digits: 2 }, 'https://live.example')!;
const unknown = (): undefined => undefined;

describe('what happened', () => {
  it('is read from an event', () => {
    const t = toldOf(said('product.pin', { at, cue: 'C', by: { name: 'Ann', id: '1', page: 'p' }, event: { product: { id: 'P', rev: 2, title: 'Corn', price: 100, stock: 'low' } } }), unknown);
    assert.deepEqual([t?.kind, t?.product, t?.title, t?.by, t?.stock], ['pin', 'P', 'Corn', { name: 'Ann', page: 'p' }, 'low']);
    assert.equal(toldOf(said('show.end', { at, event: {} }), unknown)?.kind, 'end');
    for (const by of [undefined, null, 7, {}, { name: 7, page: 'p' }]) assert.equal(toldOf(said('show.end', { at, by, event: {} }), unknown)?.by, undefined);
  });
  it('takes title and currency from what is known, and of the rest what has changed', () => {
    const t = toldOf(said('product.update', { at, event: { product: { id: 'P', rev: 2, price: 100 } } }), () => corn);
    assert.deepEqual([t?.title, t?.price, t?.currency, t?.stock], ['Corn', 100, 'CNY', undefined]);
    const link = toldOf(said('product.update', { at, event: { product: { id: 'P', rev: 3 } } }), () => corn);
    assert.deepEqual([link?.title, link?.price, link?.stock], ['Corn', undefined, undefined], 'a change of the link alone has no price');
  });
  it('is found by what the product was before', () => {
    const said = (was: typeof corn | undefined, now: object) => (({ price, stock, title }) => [title, price, stock])(changeOf(was, { ...corn, ...now }));
    assert.deepEqual(said(corn, { rev: 2 }), ['Corn', undefined, undefined]);
    assert.deepEqual(said(corn, { price: 80 }), ['Corn', 80, undefined]);
    assert.deepEqual(said(corn, { stock: 'in' }), ['Corn', undefined, 'in']);
    assert.deepEqual(said(undefined, { price: 80 }), ['Corn', undefined, undefined], 'nobody knows what it was');
  });
  it('belongs to a show, unless it is about one planned for later, or about none', () => {
    assert.equal(showOf(said('product.pin', { show: 'S' })), 'S');
    assert.equal(showOf({ kind: 'state', id: '', data: { show: 'S' } }), 'S');
    assert.equal(showOf({ kind: 'lineup.changed', id: '', data: { show: 'S' } }), '');
    for (const data of [null, {}, { show: 7 }]) assert.equal(showOf(said('health', data)), '');
  });
  it('is nothing for other events, and for nonsense', () => {
    for (const s of [said('state', { at }), said('notice', { at }), said('product.pin', null), said('product.pin', { at: 'soon' }), said('later.kind', { at })]) assert.equal(toldOf(s, unknown), undefined);
  });
});

describe('the list of what happened', () => {
  const one = (kind: string, name: string, when = at): Told => toldOf(said(kind, { at: when, by: { name }, event: { product: { id: 'P' } } }), unknown)!;
  const kinds = (...all: Told[]) => all.reduce((list, t) => told(list, t), [] as readonly Told[]).map((t) => t.kind);
  it('tells a step, or a price in the run of show, once', () => {
    assert.deepEqual(kinds(one('product.unpin', 'Ann'), one('product.pin', 'Ann'), one('lineup.changed', 'Ann')), ['pin', 'unpin']);
    assert.deepEqual(kinds(one('lineup.changed', 'Ann'), one('product.update', 'Ann')), ['update']);
  });
  it('tells what others did at that moment, and what came later', () => {
    assert.deepEqual(kinds(one('product.pin', 'Ann'), one('lineup.changed', 'Ben')), ['lineup', 'pin']);
    assert.deepEqual(kinds(one('product.pin', 'Ann'), one('lineup.changed', 'Ann', '2026-11-29T19:12:14Z')), ['lineup', 'pin']);
    assert.deepEqual(kinds(one('lineup.changed', 'Ann'), one('lineup.changed', 'Ann', '2026-11-29T19:12:14Z')), ['lineup', 'lineup']);
  });
});

describe('news of the catalogue', () => {
  it('name products, or say that there are many', () => {
    assert.deepEqual(editsIn(said('products', { products: [{ product: 'P', by: { name: 'Ann' } }, { product: 'Q' }, null, {}] })), [{ product: 'P', by: { name: 'Ann', page: '' } }, { product: 'Q', by: undefined }]);
    for (const data of [{ many: true }, {}, null, { products: 7 }]) assert.equal(editsIn(said('products', data)), undefined);
  });
});

describe('what is pinned', () => {
  it('stands in a state, and in the state after an event', () => {
    assert.deepEqual(pinnedIn(said('state', { pinned: [{ id: 'P' }] })), [{ id: 'P' }]);
    assert.deepEqual(pinnedIn(said('product.unpin', { state: {} })), []);
    assert.deepEqual(pinnedIn(said('state', { pinned: 7 })), []);
  });
  it('is not told by other events', () => [said('health', {}), said('cue.landed', null), said('cue.scheduled', 'x')].forEach((s) => assert.equal(pinnedIn(s), undefined)));
});

describe('a change of one line', () => {
  const line = (lineup: object) => toldOf(said('lineup.changed', { show: 'S', at, by: { name: 'Ann' }, event: { lineup: { rev: 3, ...lineup } } }), (id) => (id === 'P' ? corn : undefined))!;
  it('is told as one of its price, if that has changed', () => {
    const t = line({ product: 'P', was: 90, price: 80 });
    assert.deepEqual([t.kind, t.product, t.title, t.was, t.price, t.currency, t.show, t.pos], ['update', 'P', 'Corn', 90, 80, 'CNY', 'S', 1]);
    assert.deepEqual([line({ product: 'P' }).kind, line({ product: 'P' }).product, line({}).product], ['lineup', 'P', '']);
  });
  it('is told once, whichever of its two events comes first', () => {
    const card = toldOf(said('product.update', { at, by: { name: 'Ann' }, event: { product: { id: 'P', price: 80 } } }), () => corn)!;
    for (const both of [[card, line({ product: 'P', was: 90, price: 80 })], [line({ product: 'P', was: 90, price: 80 }), card]]) {
      const list = both.reduce((l, t) => told(l, t), [] as readonly Told[]);
      assert.deepEqual(list.map((t) => [t.kind, t.was, t.price]), [['update', 90, 80]]);
    }
    assert.equal([card, line({ product: 'Q', was: 1, price: 2 })].reduce((l, t) => told(l, t), [] as readonly Told[]).length, 2, 'two products are two changes');
  });
});
