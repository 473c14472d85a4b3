import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Schemas } from '../../src/shared/api.ts';
import { harmOf, isTrouble, watched, worstFirst, type Condition } from '../../src/shared/condition.ts';

const now = Date.parse('2026-11-29T20:00:00Z');
const at = (minutes: number): string => new Date(now + minutes * 60_000).toISOString();
const room = (title: string, more: object = {}): Schemas['RoomBody'] => ({ slug: title, title, live: false, viewers: 0, warnings: [], ...more }) as unknown as Schemas['RoomBody'];
const warned = (...codes: string[]): object => ({ live: true, warning_details: codes.map((code) => ({ code, text: code })) });
const show = (state: string, starts?: string): object => ({ show: { id: '1', title: 'x', state, seq: 0, clicks: 0, ...(starts ? { starts_at: starts } : {}) } });

describe('the condition of a room', () => {
  for (const [what, more, want] of [
    ['off air', {}, 'off'],
    ['on air', { live: true }, 'live'],
    ['on air with a warning', warned('late'), 'troubled'],
    ['without its publisher, warnings or none', { ...warned('publisher_gone'), waiting: true }, 'away'],
    ['planned for later', show('planned', at(5)), 'off'],
    ['half a minute behind its time', show('planned', at(-0.5)), 'off'],
    ['behind its time', show('planned', at(-2)), 'late'],
    ['planned without a time', show('planned'), 'off'],
    ['on air, planned for before', { live: true, ...show('live', at(-30)) }, 'live'],
    ['planned for another day', { next_show: { id: '2', title: 'y', starts_at: at(9000) } }, 'off'],
    ['off air in the middle of its show', show('paused'), 'paused'],
  ] as const) it(`${what}: ${want}`, () => assert.equal(watched(room('a', more), now).condition, want));

  it('is trouble where somebody should act', () => {
    const all: Condition[] = ['away', 'troubled', 'late', 'paused', 'live', 'off'];
    assert.deepEqual(all.filter(isTrouble), ['away', 'troubled', 'late', 'paused']);
  });

  it('harms most where viewers see or hear nothing', () => assert.deepEqual(['no_video', 'pauses', 'b_frames'].map(harmOf), [0, 1, 2]));
});

describe('the show that comes next', () => {
  const later = { id: '2', title: 'y', starts_at: at(9000) };
  for (const [what, more, want] of [
    ['is that which a broadcast would take, where it has a time', { ...show('planned', at(5)), next_show: later }, '1'],
    ['is a later one beside one without a time', { ...show('planned'), next_show: later }, '2'],
    ['is a later one at any distance', { next_show: later }, '2'],
    ['is not told on air', { live: true, next_show: later }, undefined],
  ] as const) it(what, () => assert.equal(watched(room('a', more), now).next?.id, want));
});

describe('twelve rooms', () => {
  it('stand worst first', () => {
    const rooms = [
      room('off b'), room('off a'), room('soon', show('planned', at(30))), room('tomorrow', show('planned', at(1500))),
      room('few', { live: true, viewers: 3 }), room('many', { live: true, viewers: 300 }), room('late', show('planned', at(-10))), room('paused', show('paused')),
      room('b frames', { ...warned('b_frames', 'round_trip'), viewers: 900 }), room('stalls', warned('pauses')), room('black', warned('no_video')), room('away', { live: true, waiting: true }),
    ].map((r) => watched(r, now));
    assert.deepEqual(worstFirst(rooms).map((w) => w.room.title), ['away', 'black', 'stalls', 'b frames', 'late', 'paused', 'many', 'few', 'soon', 'tomorrow', 'off a', 'off b']);
  });
});
