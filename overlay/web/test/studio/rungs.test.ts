import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rungsOf, textOfLadder } from '../../src/studio/rooms/rungs.ts';

test('a ladder is written and read as people do', () => {
  const ladder = [{ height: 1080, fps: 30, kbps: 4500 }, { height: 360, fps: 15, kbps: 500 }];
  assert.equal(textOfLadder(ladder), '1080p30@4500, 360p15@500');
  assert.deepEqual(rungsOf(textOfLadder(ladder)), ladder);
  assert.deepEqual(rungsOf(' 1080P30@4500 ，360p15 @ 500、'), ladder);
  for (const none of ['', ' , ', '1080', '1080p30', '1080p30@', 'p30@4500', '1080p30@4500x', '-1080p30@4500']) assert.equal(rungsOf(none), undefined, none);
});
