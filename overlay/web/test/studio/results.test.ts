import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import words from '../../src/generated/strings/studio-audit.ts';
import frame from '../../src/generated/strings/studio.ts';
import { changeLines, type Altered } from '../../src/studio/audit/changes.ts';
import { deed, doer } from '../../src/studio/audit/deeds.ts';
import results from '../../src/generated/strings/studio-results.ts';
import { percent, sharesOf, sums } from '../../src/studio/results/report.ts';
import { rowsOf } from '../../src/studio/results/marks.ts';
import { chaptersOf, formerOf, numbersOf, resultsOf, shownAt } from '../../src/studio/results/result.ts';
import { clockOf } from '../../src/studio/results/times.ts';
import { bandsOf, filled, placeOf } from '../../src/studio/results/bands.ts';
import reports from '../../src/generated/strings/studio-reports.ts';
import { comparing } from '../../src/studio/reports/compare.ts';
import { daysIn, spanBefore } from '../../src/studio/reports/span.ts';

it('the results of a show name each product once, the most money first, and what is of no product last', () => {
  const sold = (product: string, units: number, net: number, currency = 'CNY') => ({ product, title: `in the shop: ${product}`, orders: 1, units, money: [{ currency, orders: 1, gross: net, refunded: 0, cancelled: 0, net }] });
  const got = resultsOf([{ orders: 0, units: 0, money: sold('', 0, 999).money }, { product: 'b', orders: 0, units: 0, money: [], clicks: 2, impressions: 4 }, sold('jpy', 1, 90_000, 'JPY'), sold('a', 2, 500), sold('gone', 1, 700)], new Map([['a', 'Tea'], ['b', 'Corn'], ['c', 'Rice']]), 'CNY');
  assert.deepEqual(got.map((r) => [r.product, r.title, r.units]), [['gone', 'in the shop: gone', 1], ['a', 'Tea', 2], ['jpy', 'in the shop: jpy', 1], ['b', 'Corn', 0], ['c', 'Rice', 0], ['', '', 0]]);
});

it('a show is compared with the last one before it that counts', () => {
  const show = (id: string, started?: string, rehearsal = false) => ({ id, rehearsal, ...(started && { started }) });
  const all = [show('now', '2026-11-20T12:00:00Z'), show('planned'), show('tried', '2026-11-20T11:00:00Z', true), show('first', '2026-11-01T12:00:00Z'), show('before', '2026-11-19T21:00:00.5+08:00'), show('later', '2026-11-21T12:00:00Z')];
  assert.equal(formerOf(all, all[0]!)?.id, 'before');
  assert.equal(formerOf(all, all[3]!), undefined, 'the first show of a room');
  assert.equal(formerOf(all, all[1]!), undefined, 'one that has not begun');
});

it('a product without a count has 0 where the show has one, whether it sold or not, and what is of no product has none', () => {
  const sold = (product: string, impressions?: number) => ({ product, orders: 0, units: 1, money: [], ...(impressions === undefined ? {} : { impressions }) });
  const counts = (show: { impressions?: number; clicks?: number }) => resultsOf([sold(''), sold('a'), sold('b', 4)], new Map([['c', 'Rice']]), '', show).map((r) => [r.product, r.seen, r.clicks]).sort();
  assert.deepEqual(counts({ impressions: 4, clicks: 0 }), [['', undefined, undefined], ['a', 0, 0], ['b', 4, 0], ['c', 0, 0]]);
  assert.deepEqual(counts({}), [['', undefined, undefined], ['a', undefined, undefined], ['b', 4, undefined], ['c', undefined, undefined]]);
});

it('chapters that are none are left out', () => {
  assert.deepEqual(chaptersOf({ chapters: [{ date: '2026-11-30T20:00:00Z', product: { id: 'a' } }, { date: 'never', product: { id: 'b' } }, {}] }), [{ at: Date.parse('2026-11-30T20:00:00Z') / 1000, product: 'a' }]);
  assert.deepEqual(chaptersOf(undefined), []);
});

it('the numbers are those of the line-up; a show without one counts its products as they were shown', () => {
  assert.deepEqual([...numbersOf(['tea', 'corn'], ['corn', 'rice'])], [['tea', 1], ['corn', 2]]);
  assert.deepEqual([...numbersOf([], ['corn', 'rice'])], [['corn', 1], ['rice', 2]]);
});

it('a product that was shown too shortly for a chapter has a mark all the same', () => {
  const at = (product: string, moment: number) => ({ product, at: moment });
  assert.deepEqual(shownAt([at('shirt', 20), at('shirt', 90)], [at('corn', 18), at('shirt', 20)]), [at('corn', 18), at('shirt', 20), at('shirt', 90)]);
});

it('names of marks that would touch stand in rows, and where there is no room there is none', () => {
  const xs = (...all: number[]) => rowsOf(all.map((x) => ({ x, name: '1' })));
  assert.deepEqual(xs(0, 40, 80), [0, 0, 0]);
  assert.deepEqual(xs(0, 2, 4, 6, 30), [0, 1, 2, -1, 0]);
});

it('minutes have no gaps, bands are what was over the picture, and a moment has its place in the recording', () => {
  const minute = (at: string, ...products: string[]) => ({ at: `2026-11-30T20:${at}:00Z`, peak: 0, viewers: 1, watched: 60, views: 0, effective: 0, likes: 0, impressions: 0, clicks: 0, comments: 0, orders: 0, money: [], products });
  const list = filled([minute('00', 'a'), minute('01', 'a', 'b'), minute('03', 'b')]);
  assert.deepEqual(list.map((m) => m.viewers), [1, 1, 0, 1]);
  assert.deepEqual(bandsOf(list), [{ product: 'a', from: 0, to: 1 }, { product: 'b', from: 1, to: 2 }, { product: 'b', from: 3, to: 4 }]);
  assert.deepEqual(filled([]), []);
  const chapters = [{ at: 100, place: 20 }, { at: 200, place: 90 }];
  assert.deepEqual([placeOf(60, chapters), placeOf(90, chapters), placeOf(210, chapters), placeOf(1, [])], [0, 10, 100, undefined]);
});

it('a share has as many digits as its denominator bears', () => {
  assert.deepEqual([percent(1, 2, 'en'), percent(2 / 3, 19, 'en'), percent(2 / 3, 20, 'en'), percent(2 / 3, 1000, 'en'), percent(2 / 3, 1001, 'en')], ['100%', '67%', '66.7%', '66.7%', '66.67%']);
});

it('the days before are as many, and a change is said of what there was', () => {
  const span = { from: '2026-11-01', to: '2026-11-30' };
  assert.deepEqual([daysIn(span), spanBefore(span)], [30, { from: '2026-10-02', to: '2026-10-31' }]);
  const part = (orders: number) => ({ orders, units: 0, money: [] });
  const than = (now: number, before?: number, days = 30) => comparing(part(now), before === undefined ? undefined : part(before), days, reports.en, 'en')((p) => p.orders);
  assert.deepEqual([than(112, 100), than(90, 100, 1), than(5, 5), than(5, 0), than(5)], ['+12% on the 30 days before', '-10% on the day before', '0% on the 30 days before', '', '']);
});

it('the clock of a chart is that of the show, and of a long one it names the day', () => {
  const at = Date.parse('2026-11-30T23:30:00Z') / 1000;
  assert.equal(clockOf(60, 'Asia/Shanghai', 'en')(at), '07:30');
  assert.equal(clockOf(86_400, 'Asia/Shanghai', 'en')(at), 'Dec 1');
});

it('a rate stands with both of its figures and their names, and money is left to the table', () => {
  const rate = { name: 'orders_per_viewer', value: 1228 / 11951, numerator: 1228, numerator_name: 'orders', denominator: 11951, denominator_name: 'viewers', text: '' };
  const part = { orders: 1228, buyers: 1228, buyers_unknown: 0, money: [], rates: [rate, { ...rate, name: 'gmv_per_viewer', currency: 'CNY' }, { ...rate, name: 'of_a_later_version' }] };
  assert.deepEqual(sharesOf(part, results.en, 'en'), [{ name: 'Orders per viewer', share: '10.28%', of: 'orders 1,228 ÷ viewers 11,951' }]);
  const more = { ...part, rates: [{ ...rate, name: 'conv_click', value: 7 / 3, numerator: 7, numerator_name: 'buyers', denominator: 3, denominator_name: 'clickers' }] };
  assert.deepEqual(sharesOf(more, results.en, 'en'), [{ name: 'Clickers who bought', share: '–', of: 'buyers 7, viewers who clicked 3: there are more buyers than viewers who clicked, so this has no percentage.' }]);
  assert.deepEqual(sharesOf(more, results.zh, 'zh'), [{ name: '点击者购买率', share: '–', of: '买家 7，点击的观众 3：买家多于点击的观众，不计算比率。' }]);
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
  it('tells from what to what, in the words of its reader', () => {
    const zh = { locale: 'zh-CN', words: frame.zh, in: <W>(t: { en: W; zh: W }) => t.zh };
    const en = { ...zh, locale: 'en', words: frame.en, in: <W>(t: { en: W; zh: W }) => t.en };
    const changes: Altered[] = [{ field: 'price', from: '4990', to: '3990', currency: 'CNY' }, { field: 'stock', from: 'in', to: 'low' }, { field: 'role', from: 'host', to: 'assistant' }, { field: 'latency', from: 'low', to: 'mass' }, { field: 'region', to: 'Hills' }, { field: 'cue_delay', from: 'default', to: '2.5' }];
    assert.deepEqual(changeLines(changes, words.en, en), ['Price: CN¥49.90 → CN¥39.90', 'Stock: in stock → few left', 'Role: host → assistant', 'Delay for viewers: 2 to 3 seconds → 7 to 9 seconds', 'Region: none → Hills', 'Cue delay: server’s default → 2.5 s']);
    assert.deepEqual(changeLines(changes.slice(0, 3), words.zh, zh), ['价格：¥49.90 → ¥39.90', '库存：有货 → 库存紧张', '角色：主播 → 助播']);
  });
  it('names people with their address beside it, and the server by words', () => {
    assert.deepEqual(doer({ actor: 'li@shop.example', actor_name: 'Li' }, words.en), { name: 'Li', address: 'li@shop.example' });
    assert.deepEqual(doer({ actor: 'li@shop.example' }, words.en), { name: 'li@shop.example', address: '' });
    assert.deepEqual(doer({ actor: 'console' }, words.en), { name: 'The server, at its start', address: '' });
  });
});
