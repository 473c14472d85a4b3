import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { phaseOf, wordOf, type Facts, type Phase } from '../../src/player/phase.ts';

const start: Facts = { room: 'unknown', replayable: false, attached: false, played: false, flowing: false, over: false, replaying: false, unplayable: false };

describe('phaseOf', () => {
  const cases: [string, Partial<Facts>, Phase][] = [
    ['nothing is known yet', {}, 'connecting'],
    ['the room is not live', { room: 'idle' }, 'before'],
    ['the room is not live, and has a recording', { room: 'idle', replayable: true }, 'ended'],
    ['the room is live, its first part is still being cut', { room: 'live' }, 'connecting'],
    ['the server has no such room', { room: 'missing' }, 'missing'],
    ['there is a stream, though whoever answers for rooms has none', { room: 'missing', attached: true }, 'connecting'],
    ['it played, and the room was taken away', { room: 'missing', played: true }, 'interrupted'],
    ['attached, no picture yet', { room: 'live', attached: true }, 'connecting'],
    ['the room waits for its publisher', { room: 'waiting' }, 'interrupted'],
    ['the room waits, what there is of the stream is attached', { room: 'waiting', attached: true }, 'interrupted'],
    ['the publisher is back', { room: 'live', attached: true }, 'connecting'],
    ['it plays though the room was waiting when asked', { room: 'waiting', attached: true, played: true, flowing: true }, 'live'],
    ['it plays', { room: 'live', attached: true, played: true, flowing: true }, 'live'],
    ['it plays, and the server for rooms is away', { attached: true, played: true, flowing: true }, 'live'],
    ['it stands still', { room: 'live', attached: true, played: true }, 'interrupted'],
    ['the source broke', { room: 'live', played: true }, 'interrupted'],
    ['the source broke, and the room says idle: it may be a restart', { room: 'idle', played: true }, 'interrupted'],
    ['played to its end', { room: 'live', over: true }, 'ended'],
    ['the recording', { room: 'idle', replayable: true, replaying: true, attached: true, over: true }, 'replay'],
    ['a browser without any way to play', { room: 'live', unplayable: true }, 'failed'],
  ];
  for (const [name, facts, want] of cases) it(name, () => assert.equal(phaseOf({ ...start, ...facts }), want));
});

describe('wordOf', () => {
  const room = {
    live: true, waiting: false, paused: false, awaySeconds: undefined, guarded: false, title: '', latency: 'low' as const, replay: '', rewind: '', reach: 0, since: 0, showId: '', next: undefined,
  };
  it('takes a room at its word', () => {
    assert.equal(wordOf(undefined), 'unknown');
    assert.equal(wordOf('missing'), 'missing');
    assert.equal(wordOf(room), 'live');
    assert.equal(wordOf({ ...room, waiting: true }), 'waiting');
    assert.equal(wordOf({ ...room, live: false, waiting: true }), 'idle');
  });
});
