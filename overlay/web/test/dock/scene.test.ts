import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dateOf, skuOf } from '../../src/dock/scene.ts';

describe('the name of a scene', () => {
  it('names a product behind P:', () => {
    for (const [scene, sku] of [['P:CORN-5KG', 'CORN-5KG'], ['P: 玉米 5kg ', '玉米 5kg'], ['P:A:B', 'A:B']] as const) assert.equal(skuOf(scene), sku);
  });
  it('names none otherwise', () => {
    for (const scene of ['', 'P:', 'P:  ', 'Scene', 'p:CORN', 'XP:CORN', 'P CORN']) assert.equal(skuOf(scene), undefined);
  });
});

describe('the date of a timestamp', () => {
  const zero = new Date('2026-11-29T20:00:00Z');
  const now = zero.getTime() + 10_000;
  it('follows from that of timestamp 0', () => assert.equal(dateOf(zero, 9000.4, now)?.toISOString(), '2026-11-29T20:00:09.000Z'));
  it('is not known without a stream, or where OBS streams elsewhere', () => {
    for (const [z, t] of [[undefined, 9000], [zero, undefined], [zero, 0], [zero, NaN], [zero, 3_600_000]] as const) assert.equal(dateOf(z, t, now), undefined);
  });
});
