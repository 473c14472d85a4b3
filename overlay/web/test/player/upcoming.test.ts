import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countdown, when } from '../../src/player/upcoming.ts';

test('a countdown is coarse while the show is far away', () => {
  for (const [seconds, en, zh] of [
    [-5, '', ''], [0.4, '', ''], [1, '0:01', '0:01'], [754, '12:34', '12:34'], [7509, '2:05:09', '2:05:09'], [172799, '47:59:59', '47:59:59'],
    [172800, 'in 2 days', '2天后'], [8 * 86400 + 5, 'in 8 days', '8天后'],
  ] as const) {
    assert.equal(countdown(seconds, 'en-US'), en);
    assert.equal(countdown(seconds, 'zh-CN'), zh);
  }
});

test('a date names its zone', () => {
  assert.match(when(Date.UTC(2026, 11, 1, 12), 'en-GB'), /1 Dec.*(UTC|GMT|[A-Z]{3,4})/);
  assert.match(when(Date.UTC(2026, 11, 1, 12), 'zh-CN'), /^12月1日.*\d\d:\d\d [A-Z]{3}/, 'behind the time, in every language');
});
