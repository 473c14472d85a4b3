import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cueName } from '../../src/operator/cue-name.ts';
import { parseComing, parsePinned } from '../../src/operator/programme.ts';
import { languageFor } from '../../src/operator/words.ts';

const base = 'https://live.example';
const nonsense = [null, 7, 'x', [], {}, { items: 3 }, { items: [null, 1, {}, { product: 2 }] }];

describe('parsePinned', () => {
  it('reads what is on the screen', () => {
    const [p, ...others] = parsePinned({ items: [{ id: 'PIN', product: { id: 'P', title: 'Tea', stock: 'low', price: 12800, currency: 'CNY', digits: 2, image: '/tea.jpg' } }] }, base);
    assert.deepEqual(others, []);
    assert.deepEqual([p?.id, p?.title, p?.stock, p?.image, p?.price('zh-CN')], ['P', 'Tea', 'low', 'https://live.example/tea.jpg', '¥128.00']);
  });
  it('names a product without a title by its SKU', () => assert.equal(parsePinned({ items: [{ product: { id: 'P', sku: 'TEA-1' } }] }, base)[0]?.title, 'TEA-1'));
  it('lets no script in as a picture', () => assert.equal(parsePinned({ items: [{ product: { id: 'P', image: 'javascript:alert(1)' } }] }, base)[0]?.image, ''));
  it('takes nonsense for nothing said', () => nonsense.forEach((j) => assert.deepEqual(parsePinned(j, base), [])));
});

describe('parseComing', () => {
  const due = '2026-11-21T10:00:00Z';
  const { coming, more } = parseComing({ next: 'D', items: [
    { id: 'A', kind: 'product.pin', due, product: { id: 'P', title: 'Tea' } }, { id: 'B', kind: 'notice', due, text: 'Last ten' },
    { id: 'C', kind: 'custom', due, data: { b: 2 } }, { id: 'D', kind: 'product.unpin', due, product: { id: 'P', title: 'Tea' } }, { id: 'E', kind: 'later.kind', due },
    { id: 'F', kind: 'notice', due: 'soon' },
  ] });
  it('reads what is scheduled, and leaves out what has no moment', () => {
    assert.deepEqual(coming.map((c) => c.id), ['A', 'B', 'C', 'D', 'E']);
    assert.equal(coming[0]?.due.getTime(), Date.UTC(2026, 10, 21, 10));
    assert.equal(more, true);
  });
  it('says in words what each does', () => {
    assert.deepEqual(coming.map((c) => cueName(c, languageFor('en'))), ['Show Tea', 'Notice: Last ten', 'Custom cue: {"b":2}', 'Take down Tea', 'later.kind']);
    assert.deepEqual(coming.slice(0, 2).map((c) => cueName(c, languageFor('zh'))), ['展示 Tea', '公告：Last ten']);
  });
  it('takes nonsense for nothing said', () => nonsense.forEach((j) => assert.deepEqual(parseComing(j), { coming: [], more: false })));
});
