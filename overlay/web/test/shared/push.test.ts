import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deedsOf, numbersOf, problemOf, stateOf, type Target } from '../../src/shared/push.ts';

const now = Date.parse('2026-06-01T20:00:00Z');
const target = (some: Partial<Target>): Target => ({ name: 'youtube', server: 'a.example', state: 'off', since: '2026-06-01T19:00:00Z', bytes: 0, dropped: 0, ...some });

describe('targets of a room', () => {
  it('tell how they are', () => {
    for (const [some, en, zh] of [
      [{}, 'Off', '未开启'],
      [{ state: 'waiting' }, 'Waits for the show', '等待开播'],
      [{ state: 'connecting' }, 'Connecting…', '正在连接…'],
      [{ state: 'retrying', next: '2026-06-01T20:00:30Z' }, 'Not live. Next try in 0:30', '未转播，0:30 后重试'],
      [{ state: 'retrying', next: '2026-06-01T19:59:00Z' }, 'Not live. Trying again…', '未转播，正在重试…'],
      [{ state: 'retrying' }, 'Not live. Trying again…', '未转播，正在重试…'],
    ] as const) {
      assert.equal(stateOf(target(some), now, 'en'), en);
      assert.equal(stateOf(target(some), now, 'zh-CN'), zh);
    }
    assert.match(stateOf(target({ state: 'live' }), now, 'en'), /^Live since \d\d:\d\d$/);
  });

  it('tell what went wrong, as long as it matters, in the server’s words where the code is new', () => {
    const problem = { code: 'refused_key', text: 'the server refused the stream key', said: 'NetStream.Publish.BadName' };
    assert.equal(problemOf(target({ state: 'retrying', problem }), 'en'), 'The platform did not take the stream key. Its server says: NetStream.Publish.BadName');
    assert.equal(problemOf(target({ state: 'connecting', problem: { code: 'later', text: 'something new' } }), 'zh'), 'something new');
    for (const state of ['off', 'live'] as const) assert.equal(problemOf(target({ state, problem }), 'en'), '');
  });

  it('have numbers once there are some, and a deed for each state', () => {
    assert.equal(numbersOf(target({}), 'en'), '');
    assert.equal(numbersOf(target({ state: 'live', bitrate: 6_120_000, bytes: 1_234_000_000, delay: 5 }), 'en'), '6.1 Mbit/s · 1,234 MB sent · 5 s later');
    assert.deepEqual([deedsOf(target({})), deedsOf(target({ state: 'live' })), deedsOf(target({ state: 'retrying' }))], [['start'], ['stop'], ['now', 'stop']]);
  });
});
