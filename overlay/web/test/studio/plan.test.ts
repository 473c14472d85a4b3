import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { airOf, lateness } from '../../src/studio/shows/words.ts';
import { beside, monthOf, weeksOf } from '../../src/studio/shows/calendar.ts';
import { falls, fieldsOf, typedOf } from '../../src/studio/shows/line-form.ts';
import type { Line } from '../../src/studio/shows/change.ts';

describe('a month', () => {
  it('has its days in weeks, from the first day of the week on', () => {
    const december = monthOf('2026-12')!;
    assert.deepEqual(weeksOf(december, 1)[0], ['2026-11-30', '2026-12-01', '2026-12-02', '2026-12-03', '2026-12-04', '2026-12-05', '2026-12-06']);
    assert.deepEqual(weeksOf(december, 7)[0]?.slice(0, 3), ['2026-11-29', '2026-11-30', '2026-12-01']);
    for (const start of [1, 6, 7]) assert.equal(weeksOf(monthOf('2028-02')!, start).flat().filter((d) => d.startsWith('2028-02')).length, 29);
    assert.deepEqual([beside(december, 1), beside(monthOf('2026-01')!, -1)], [{ year: 2027, month: 1 }, { year: 2025, month: 12 }]);
    for (const text of [undefined, '', '2026-13', '2026-1', 'x']) assert.equal(monthOf(text), undefined);
  });
});

describe('what is typed into a line', () => {
  const base = { product: 'a', price: 4500, max_per_order: 2, reveal_at: '2026-12-03T11:30:00Z', catalogue: { rev: 1, price: 5000 }, goods: { id: 'a', price: 4500, currency: 'CNY', digits: 2 } } as Line;
  const zone = 'Asia/Shanghai';
  const typed = typedOf(base, zone);
  it('begins with what the line has, and sends what is changed alone', () => {
    assert.deepEqual([typed.price, typed.most, typed.date, typed.time], ['45.00', '2', '2026-12-03', '19:30']);
    assert.deepEqual(fieldsOf(typed, zone), {});
    assert.deepEqual(fieldsOf({ ...typed, price: ' ', most: '', note: 'n', date: '', time: '' }, zone), { price: null, max_per_order: 0, note: 'n', reveal_at: null });
    assert.deepEqual(fieldsOf({ ...typed, time: '20:00' }, zone), { reveal_at: '2026-12-03T12:00:00.000Z' });
  });
  it('is refused by field', () => {
    for (const [more, want] of [[{ price: 'x' }, 'price'], [{ price: '1.234' }, 'price'], [{ most: '1.5' }, 'most'], [{ most: '10000' }, 'most'], [{ time: '' }, 'reveal']] as const) assert.equal(fieldsOf({ ...typed, ...more }, zone), want);
  });
  it('is asked once where the price falls far below the catalogue', () => {
    assert.deepEqual([falls({ ...typed, price: '34.99' }), falls({ ...typed, price: '35.00' }), falls({ ...typed, price: '' }), falls(typed)], [true, false, false, false]);
  });
});

describe('a show whose time has passed', () => {
  const now = Date.parse('2026-12-03T12:00:00Z');
  const at = (minutes: number): string => new Date(now + minutes * 60_000).toISOString();
  for (const [what, show, want] of [
    ['is late while a broadcast would begin it', { state: 'planned', starts_at: at(-10) }, 'late'],
    ['did not take place after that', { state: 'planned', starts_at: at(-400) }, 'missed'],
    ['may be half a minute behind', { state: 'planned', starts_at: at(-0.5) }, ''],
    ['is not late before it', { state: 'planned', starts_at: at(5) }, ''],
    ['is not late without a time', { state: 'planned' }, ''],
    ['is not late once it began', { state: 'live', starts_at: at(-10) }, ''],
  ] as const) it(what, () => assert.equal(lateness(show, now), want));
});

describe('a show on air', () => {
  type Room = NonNullable<Parameters<typeof airOf>[1]>;
  const show = (state: string, id = 'S') => ({ id, state }) as Parameters<typeof airOf>[0];
  const room = (more: object) => ({ live: true, show: { id: 'S', state: 'live' }, warnings: [], ...more }) as unknown as Room;
  const troubled = room({ warnings: ['x'], warning_details: [{ code: 'no_audio', message: 'x' }] });
  for (const [what, of, where, want] of [
    ['is live where all is well', show('live'), room({}), 'live'],
    ['is in trouble with its room', show('live'), troubled, 'troubled'],
    ['has no picture where its room has none', show('live'), room({ waiting: true }), 'away'],
    ['is not in the trouble of another show', show('live', 'T'), troubled, 'live'],
    ['is live where its room is not known', show('live'), undefined, 'live'],
    ['is over, whatever its room is', show('ended'), troubled, 'ended'],
  ] as const) it(what, () => assert.equal(airOf(of, where), want));
});
