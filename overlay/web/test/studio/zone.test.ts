import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clockIn, momentIn, zoneCalled } from '../../src/studio/parts/zone.ts';

describe('a moment in a time zone', () => {
  it('is what the clock on the wall there shows', () => {
    for (const [date, time, zone, utc] of [
      ['2026-12-03', '20:00', 'Asia/Shanghai', '2026-12-03T12:00:00.000Z'],
      ['2026-12-03', '20:00', 'America/New_York', '2026-12-04T01:00:00.000Z'],
      ['2026-07-01', '00:15', 'Asia/Kathmandu', '2026-06-30T18:30:00.000Z'],
      ['2026-01-01', '23:59', 'Pacific/Kiritimati', '2026-01-01T09:59:00.000Z'],
      ['2026-03-29', '03:30', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
    ] as const) {
      const found = momentIn(date, time, zone);
      assert.deepEqual([found?.at.toISOString(), found?.clock], [utc, 'once'], zone);
      assert.deepEqual(clockIn(found!.at, zone), { date, time });
    }
  });
  it('is told where the clocks are put forward or back', () => {
    const skipped = momentIn('2026-03-29', '02:30', 'Europe/Berlin');
    assert.deepEqual([skipped?.at.toISOString(), skipped?.clock], ['2026-03-29T01:30:00.000Z', 'skipped']);
    const twice = momentIn('2026-10-25', '02:30', 'Europe/Berlin');
    assert.deepEqual([twice?.at.toISOString(), twice?.clock], ['2026-10-25T00:30:00.000Z', 'twice']);
    assert.equal(momentIn('2026-11-01', '01:30', 'America/New_York')?.at.toISOString(), '2026-11-01T05:30:00.000Z');
    assert.equal(momentIn('2026-10-04', '02:15', 'Australia/Lord_Howe')?.clock, 'skipped'); // half an hour
  });
  it('is none of half a time', () => {
    for (const [date, time] of [['', '20:00'], ['2026-12-03', ''], ['2026-13-03', '20:00'], ['2026-12-03', '25:00']] as const) assert.equal(momentIn(date, time, 'UTC'), undefined);
  });
});

it('a zone is called by its name in the language of the reader, and by that of summer in summer', () => {
  assert.equal(zoneCalled('Asia/Shanghai', 'en'), 'China Standard Time');
  assert.equal(zoneCalled('Asia/Shanghai', 'zh'), '中国标准时间');
  assert.equal(zoneCalled('Europe/Berlin', 'zh', new Date('2026-07-01T12:00:00Z')), '中欧夏令时间');
  assert.equal(zoneCalled('Etc/GMT-3', 'zh'), 'GMT+03:00');
});
