import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import orders from '../../src/generated/strings/studio-orders.ts';
import { history, steps } from '../../src/studio/orders/sum.ts';
import { inShop } from '../../src/studio/orders/there.ts';
import { fitsOf, onAt } from '../../src/studio/orders/fits.ts';
import { nearest } from '../../src/studio/orders/nearest.ts';
import { amount, bought, factWord, short, stateWord, states, when, type Order } from '../../src/studio/orders/words.ts';
import shopWords from '../../src/generated/strings/studio-shops.ts';
import { standingOf } from '../../src/studio/shops/standing.ts';
import { configIn, freshSecret, hears, hostOf, hostsOf, ownHost } from '../../src/studio/shops/kinds.ts';

const form = (fields: Record<string, string>): FormData => {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  return data;
};

describe('what a shop has to know', () => {
  it('takes an address as people paste it', () => {
    for (const text of ['tea.example', ' https://Tea.example/cart?x#y ', 'http://tea.example', 'tea.example/']) assert.equal(hostOf(text), 'tea.example');
    assert.equal(hostOf('https://tea.example:8443/'), 'tea.example:8443');
    assert.deepEqual(hostsOf('tea.example, https://pay.example/x，tea.example\npay.example；'), ['tea.example', 'pay.example']);
    assert.deepEqual(hostsOf(' , '), []);
  });
  it('is said for its kind alone', () => {
    const all = { name: 'Tea', template: ' https://tea.example/{sku} ', domain: 'https://tea.myshopify.com/', hosts: 'a.example', success_url: 'https://tea.example/ok', cancel_url: '' };
    assert.deepEqual(configIn('shopify', form(all)), { hosts: ['a.example'], domain: 'tea.myshopify.com' });
    assert.deepEqual(configIn('link', form(all)), { hosts: ['a.example'], template: 'https://tea.example/{sku}' });
    assert.deepEqual(configIn('stripe-link', form({ ...all, hosts: '' })), {});
    assert.deepEqual(configIn('stripe-session', form(all)), { hosts: ['a.example'], success_url: 'https://tea.example/ok' });
  });
  it('allows the hosts of its kind by itself', () => {
    assert.deepEqual(['link', 'shopify', 'stripe-link', 'stripe-session', 'other'].map((k) => ownHost(k, { template: 'https://a.example/{sku}', domain: 'b.example' })), ['a.example', 'b.example', 'buy.stripe.com', 'checkout.stripe.com', '']);
    assert.equal(ownHost('link', {}), '');
  });
  it('hears of orders as soon as they are signed', () => {
    assert.ok(hears({ secrets: ['api_key', 'webhook'] }));
    assert.ok(!hears({ secrets: ['api_key'] }) && !hears({ secrets: null }));
    assert.ok(hears({ secrets: ['api_key', 'webhook'], kind: 'stripe-session' }) && !hears({ secrets: ['webhook'], kind: 'stripe-session' }));
  });
  it('makes secrets as Standard Webhooks writes them, another each time', () => {
    const secret = freshSecret();
    assert.match(secret, /^whsec_[A-Za-z0-9+/]{32}$/);
    assert.equal(Buffer.from(secret.slice(6), 'base64').length, 24);
    assert.notEqual(freshSecret(), secret);
  });
});

describe('how a shop stands', () => {
  const now = Date.parse('2026-12-01T08:00:00Z');
  const of = (more: object) => standingOf({ kind: 'link', secrets: ['webhook'], ...more }, shopWords.en, 'en', now);
  it('is told with the next step, and what was refused last stands before what was taken earlier', () => {
    assert.equal(of({ secrets: [] }).how, 'unfinished');
    assert.deepEqual([of({}).how, of({}).next], ['waits', shopWords.en.waitsWhy]);
    assert.deepEqual(of({ heard: '2026-12-01T07:00:00Z' }), { how: 'connected', text: 'Orders arrive. The last came 1 hour ago', next: '' });
    const refused = of({ heard: '2026-12-01T07:00:00Z', refused: { at: '2026-12-01T07:58:00Z', status: 401, reason: 'no' } });
    assert.deepEqual([refused.how, refused.text, refused.next], ['refused', 'Its last message was refused 2 minutes ago', shopWords.en.refusedSign]);
    assert.match(of({ refused: { at: '2026-12-01T07:58:00Z', status: 422, reason: 'amount: is missing' } }).next, /amount: is missing/);
  });
});

describe('an order', () => {
  const order = (more: Partial<Order> & { unallocated?: number }): Order => ({ id: 'o', shop: 's', name: '1', org: 'home', state: 'paid', gross: 0, refunded: 0, net: 0, created: '2026-11-30T20:05:00Z', changed: '', ...more });
  it('has its amounts in its own currency, and none before the shop has told of it', () => {
    assert.equal(amount(4990, { currency: 'CNY' }, 'en'), 'CN¥49.90');
    assert.equal(amount(4990, { currency: 'JPY' }, 'en'), '¥4,990');
    assert.equal(amount(0, {}, 'en'), '–');
  });
  it('was bought when it was paid', () => {
    assert.equal(when(order({ paid_at: '2026-11-30T20:00:00Z' })), '2026-11-30T20:00:00Z');
    assert.equal(when(order({})), '2026-11-30T20:05:00Z');
  });
  it('tells what was bought in a line, and how much more there is', () => {
    const line = (title: string, quantity: number) => ({ title, quantity, amount: 1 });
    assert.equal(bought({ lines: [line('Corn', 2), line('Tea', 1)], line_count: 4 }, orders.en, 'en'), '2\u00a0×\u00a0Corn, 1\u00a0×\u00a0Tea + 2 more');
    assert.equal(bought({ lines: [{ sku: 'T-1', quantity: 1, amount: 1 }], line_count: 1 }, orders.en, 'en'), '1\u00a0×\u00a0T-1');
    assert.equal(bought({ lines: [], line_count: 0, card: 'Honey' }, orders.en, 'en'), 'Honey');
    assert.equal(bought({ lines: null, line_count: 0 }, orders.en, 'en'), '');
  });
  it('is short of units only where the server says so', () => assert.deepEqual([order({}), order({ unallocated: 2 })].map(short), [0, 2]));
  it('has words for each state and each fact that the server has', async () => {
    const { readFileSync } = await import('node:fs');
    const source = readFileSync(new URL('../../../order.go', import.meta.url), 'utf8');
    const of = (type: string): string[] => [...source.matchAll(new RegExp(`^\\s+\\w+\\s+${type}\\s*=\\s*"(\\w+)"`, 'gm'))].map((m) => m[1]!);
    assert.deepEqual([...states].sort(), of('OrderState').sort());
    const facts = of('OrderFactKind').filter((k) => k !== 'expired'); // of a checkout, not of an order
    assert.ok(facts.length > 4);
    for (const words of [orders.en, orders.zh]) for (const f of facts) assert.notEqual(factWord({ kind: f }, words), f);
    for (const s of states) assert.notEqual(stateWord(s, orders.zh), s);
  });
  it('is proposed for a show that was on, or had been within a day, and that showed what was bought; for none without', () => {
    const all = [{ id: 'on', rehearsal: false, started: '2026-11-30T19:00:00Z', ended: '2026-11-30T21:00:00Z' }, { id: 'before', rehearsal: false, started: '2026-11-30T10:00:00Z', ended: '2026-11-30T11:00:00Z' },
      { id: 'old', rehearsal: false, started: '2026-11-28T10:00:00Z', ended: '2026-11-28T11:00:00Z' }, { id: 'later', rehearsal: false, started: '2026-11-30T22:00:00Z' }, { id: 'secret', rehearsal: true, started: '2026-11-30T19:00:00Z' }, { id: 'planned', rehearsal: false, starts_at: '2026-11-30T19:00:00Z' }];
    const near = onAt(all, '2026-11-30T20:00:00Z');
    assert.deepEqual(near.map((n) => [n.show.id, n.after]), [['on', 0], ['before', 9 * 3_600_000]]);
    const shown = new Map([['on', new Map([['corn', 'Corn']])], ['before', new Map([['tea', 'Tea'], ['corn', 'Corn']])]]);
    const line = (product?: string) => ({ quantity: 1, amount: 1, ...(product ? { product } : {}) });
    assert.deepEqual(fitsOf(near, [line('tea'), line()], shown).map((f) => [f.show.id, f.goods]), [['before', ['Tea']]]);
    assert.deepEqual(fitsOf(near, [line('corn'), line('corn')], shown).map((f) => [f.show.id, f.goods]), [['on', ['Corn']], ['before', ['Corn']]]);
    assert.deepEqual(fitsOf(near, [line(), line('rice')], shown), []);
  });
  it('has money that adds up, step by step, and a history with the way by which the buyer came', () => {
    const story = (more: object) => ({ ...order({}), lines: [{ quantity: 2, amount: 1800 }], facts: [], ...more });
    const told = (more: object) => steps(story(more), orders.en).map((s) => [s.name, s.amount]);
    assert.deepEqual(told({ paid_at: 'x', gross: 1800 }), [['Paid', 1800]]);
    assert.deepEqual(told({ paid_at: 'x', gross: 2300, refunded: 500 }), [['Items total', 1800], ['Postage, taxes and other', 500], ['Paid', 2300], ['Refunded', -500], ['You keep', 1800]]);
    assert.deepEqual(told({ paid_at: 'x', gross: 1700, state: 'cancelled' }), [['Items total', 1800], ['Discounts', -100], ['Paid', 1700], ['Cancelled', -1700], ['You keep', 0]]);
    assert.deepEqual(told({ paid_at: 'x', gross: 1800, refunded: 1800, over: 200 }), [['Paid', 1800], ['Refunded', -2000], ['You keep', -200]]);
    assert.deepEqual(told({ state: 'pending' }), [['Items total', 1800]]);
    assert.deepEqual(history(story({ card: 'Corn', clicked_at: '2026-11-30T20:01:00Z', pinned_at: '2026-11-30T20:00:00Z', facts: [{ kind: 'paid', delivery: 'd', at: '2026-11-30T20:02:00Z', amount: 5, currency: 'CNY' }] }), orders.en).map((f) => f.text),
      ['“Corn” came over the picture', 'The buyer went to your shop from the card of “Corn”', 'The buyer paid']);
  });
  it('came most likely from the show in which it was paid, else from the one before', () => {
    const show = (id: string, started: string | undefined, ended?: string, rehearsal = false) => ({ id, rehearsal, ...(started ? { started } : {}), ...(ended ? { ended } : {}) });
    const all = [show('planned', undefined), show('later', '2026-11-30T20:30:00Z'), show('old', '2026-11-29T20:00:00Z', '2026-11-29T22:00:00Z'),
      show('in', '2026-11-30T19:00:00Z', '2026-11-30T21:00:00Z'), show('before', '2026-11-30T10:00:00Z', '2026-11-30T11:00:00Z'), show('rehearsal', '2026-11-30T19:00:00Z', undefined, true)];
    assert.deepEqual(nearest(all, '2026-11-30T20:00:00Z').map((s) => s.id), ['in', 'before', 'old', 'later', 'planned']);
    assert.deepEqual(nearest(all, '2026-12-01T09:00:00Z').map((s) => s.id), ['later', 'in', 'before', 'old', 'planned']);
  });
});

describe('an order in the administration of its shop', () => {
  for (const [kind, config, order, want] of [
    ['shopify', { domain: 'tea.myshopify.com' }, '5123456789', 'https://tea.myshopify.com/admin/orders/5123456789'],
    ['shopify', { domain: 'tea.myshopify.com' }, '../x', undefined],
    ['shopify', {}, '5123456789', undefined],
    ['stripe-session', {}, 'pi_3MtwBwLkdIwHu7ix28a3tqPa', 'https://dashboard.stripe.com/payments/pi_3MtwBwLkdIwHu7ix28a3tqPa'],
    ['stripe-link', {}, 'cs_test_1', undefined],
    ['link', { template: 'https://tea.example/{sku}' }, '1001', undefined],
  ] as const) it(`${kind} ${order}: ${want ?? 'none'}`, () => assert.equal(inShop({ kind, config }, order), want));
});
