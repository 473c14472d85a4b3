import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Tally } from '../../src/player/tally.ts';

describe('Tally', () => {
  it('sums up the time in which the picture moves, and nothing of a sleep', () => {
    const t = new Tally();
    t.look(1000, true, []);
    assert.ok(t.empty, 'the first look has nothing before it');
    t.look(1500, true, []);
    t.look(2000, false, []); // paused
    t.look(2500, true, []);
    t.look(3_600_000, true, []); // the machine slept
    assert.deepEqual(t.take(), { watched: 3, impressions: [] });
    assert.ok(t.empty);
    t.look(3_600_500, true, []);
    assert.equal(t.take().watched, 0.5);
    t.look(3_600_100, true, []); // a clock that steps back
    assert.equal(t.take().watched, 0);
  });

  it('counts a card once it was in sight for a second while the picture moves, and again when it comes back', () => {
    const t = new Tally();
    const look = (cards: string[], playing = true): void => t.look((now += 500), playing, cards);
    let now = 0;
    look([]);
    look(['a']);
    look(['a', 'b'], false);
    assert.deepEqual(t.take().impressions, []);
    look(['a', 'b']);
    look(['a', 'b']);
    look(['b']);
    assert.deepEqual(t.take().impressions, ['a', 'b']);
    look(['a', 'b']);
    assert.deepEqual(t.take().impressions, []);
    look(['a', 'b']);
    assert.deepEqual(t.take().impressions, ['a'], 'b never left');
  });
});
