import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytes, lasting } from '../../src/studio/parts/size.ts';

describe('sizes and lengths for people', () => {
  for (const [n, want] of [[0, '0 bytes'], [999, '999 bytes'], [1000, '1 kB'], [1_240_000, '1.2 MB'], [52_400_000, '52 MB'], [7_000_000_000, '7 GB'], [3e18, '3,000 PB']] as const) it(`${n} bytes`, () => assert.equal(bytes(n, 'en'), want));
  for (const [s, want] of [[0, '0 sec'], [59, '59 sec'], [60, '1 min'], [3600, '1 hr'], [4330, '1 hr 12 min']] as const) it(`${s} s`, () => assert.equal(lasting(s, 'en'), want));
  it('has a space between a figure and a Chinese word', () => assert.equal(lasting(4330, 'zh-CN'), '1 小时 12 分钟'));
});
