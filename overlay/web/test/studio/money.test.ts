import assert from 'node:assert/strict';
import { test } from 'node:test';

import { foreign, paidLate } from '../../src/studio/orders/sum.ts';
import type { Story } from '../../src/studio/orders/words.ts';

const fact = (kind: string, minute: number, more = {}) => ({ kind, delivery: `${kind} ${minute}`, at: `2026-11-30T20:${String(minute).padStart(2, '0')}:00Z`, ...more });
const order = (state: string, facts: unknown[], more = {}) => ({ state, currency: 'EUR', gross: 5000, refunded: 0, paid_at: '2026-11-30T20:00:00Z', facts, ...more }) as unknown as Story;

test('what went back in another currency is told apart', () => {
  const facts = [fact('paid', 0, { amount: 5000, currency: 'EUR' }), fact('refunded', 1, { amount: 700, currency: 'USD' }), fact('refunded', 2, { amount: 100, currency: 'EUR' })];
  assert.deepEqual(foreign(order('partly_refunded', facts)), [{ amount: 700, currency: 'USD' }]);
  assert.deepEqual(foreign(order('parked', facts, { paid_at: undefined })), []);
});

test('money that comes when an order is off needs somebody', () => {
  const [off, paid] = [fact('cancelled', 10), (minute: number) => fact('paid', minute)];
  assert.equal(paidLate(order('cancelled', [off, paid(20)])), true);
  assert.equal(paidLate(order('cancelled', [off, paid(20)], { refunded: 5000 })), false);
  assert.equal(paidLate(order('cancelled', [paid(0), off])), false);
  assert.equal(paidLate(order('cancelled', [off], { gross: 0 })), false);
});
