import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import words from '../../src/generated/strings/studio-audit.ts';
import { deed, doer } from '../../src/studio/audit/deeds.ts';
import results from '../../src/generated/strings/studio-results.ts';
import { sharesOf, sums } from '../../src/studio/results/report.ts';
import { resultsOf } from '../../src/studio/results/result.ts';

it('the results of a show name each product once, the most clicks first', () => {
  const got = resultsOf([{ product: 'a', impressions: 9 }, { product: 'b', impressions: 4 }], [{ product: 'b', clicks: 2 }, { product: 'gone', clicks: 1 }], new Map([['a', 'Tea'], ['b', 'Corn'], ['c', 'Rice']]));
  assert.deepEqual(got, [
    { product: 'b', title: 'Corn', seen: 4, clicks: 2 }, { product: 'gone', title: 'gone', seen: 0, clicks: 1 }, { product: 'a', title: 'Tea', seen: 9, clicks: 0 }, { product: 'c', title: 'Rice', seen: 0, clicks: 0 },
  ]);
});

it('a rate stands with both of its figures and their names, and money is left to the table', () => {
  const rate = { name: 'orders_per_viewer', value: 1228 / 11951, numerator: 1228, numerator_name: 'orders', denominator: 11951, denominator_name: 'viewers', text: '' };
  const part = { orders: 1228, buyers: 1228, buyers_unknown: 0, money: [], rates: [rate, { ...rate, name: 'gmv_per_viewer', currency: 'CNY' }, { ...rate, name: 'of_a_later_version' }] };
  assert.deepEqual(sharesOf(part, results.en, 'en'), [{ name: 'Orders per viewer', share: '10.28%', of: 'orders 1,228 ÷ viewers 11,951' }]);
  assert.equal(sums([{ currency: 'CNY', orders: 1, gross: 1010, refunded: 0, cancelled: 0, net: 990 }, { currency: 'JPY', orders: 1, gross: 500, refunded: 0, cancelled: 0, net: 500 }], 'net', 'en'), 'CN¥9.90, ¥500');
});

describe('the activity', () => {
  it('names a show, a room and a file as people do, and never by an id', () => {
    const id = '01M8N6RM4T9QXG2V7Z5C3KDB1A';
    assert.equal(deed({ action: 'show.plan', object: id, object_title: 'Harvest' }, words.en), 'planned the show “Harvest”');
    assert.equal(deed({ action: 'show.plan', object: id }, words.en), 'planned the show (deleted)');
    assert.equal(deed({ action: 'token.create', object: 'OBS' }, words.en), 'created the token “OBS”');
  });
  it('has words for all that the server writes down', () => {
    const store = new URL('../../../store/', import.meta.url);
    const written = readdirSync(store).filter((f) => f.endsWith('.go') && !f.endsWith('_test.go')).flatMap((f) =>
      [...readFileSync(new URL(f, store), 'utf8').matchAll(/\.audit(?:In)?\(ctx, .*"([a-z_]+\.[a-z_]+)"/g)].map((m) => m[1]!));
    assert.ok(written.length > 40);
    for (const locale of ['en', 'zh'] as const) for (const action of written) assert.ok(!deed({ action, object: 'x' }, words[locale]).includes(action), `${locale}: ${action}`);
    assert.equal(deed({ action: 'pool.grant', object: 'Things to eat to Tea house' }, words.en), 'granted the pool Things to eat → Tea house');
  });
  it('names people with their address beside it, and the server by words', () => {
    assert.deepEqual(doer({ actor: 'li@shop.example', actor_name: 'Li' }, words.en), { name: 'Li', address: 'li@shop.example' });
    assert.deepEqual(doer({ actor: 'li@shop.example' }, words.en), { name: 'li@shop.example', address: '' });
    assert.deepEqual(doer({ actor: 'console' }, words.en), { name: 'The server, at its start', address: '' });
  });
});
