import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Likes } from '../../src/player/crowd/count.ts';
import { heartsFor } from '../../src/player/crowd/hearts.ts';

test('likes of a viewer count at once, and no pulse takes them back or counts them twice', () => {
  const likes = new Likes();
  assert.equal(likes.hear(100), 0, 'the first pulse has no growth');
  likes.like();
  likes.like();
  assert.deepEqual([likes.shown, likes.own], [102, 2]);
  assert.equal(likes.hear(100), 0);
  assert.equal(likes.shown, 102, 'the picture is late');
  assert.equal(likes.hear(105), 3, 'two of the five are the viewer’s own, whose hearts have risen');
  assert.equal(likes.shown, 105);
  assert.equal(likes.hear(109), 4);
});

test('a jump back brings no hearts, and the number does not go back', () => {
  const likes = new Likes();
  likes.hear(900);
  assert.equal(likes.hear(20), 0);
  assert.equal(likes.shown, 900);
  assert.equal(likes.hear(25), 5);
});

test('a beacon takes the likes since the last one, as many as the server believes', () => {
  const likes = new Likes();
  for (let n = 0; n < 150; n++) likes.like();
  assert.equal(likes.take(), 100);
  assert.equal(likes.take(), 0);
  likes.like();
  assert.equal(likes.take(), 1);
  assert.equal(likes.own, 151);
});

test('few hearts stand for many likes', () => {
  assert.deepEqual([0, -3, 1, 2, 3, 4, 603, 1e9].map(heartsFor), [0, 0, 1, 2, 2, 3, 6, 6]);
});
