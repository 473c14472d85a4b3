import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { skuOf } from '../../src/dock/scene.ts';

describe('the name of a scene', () => {
  it('names a product behind P:', () => {
    for (const [scene, sku] of [['P:CORN-5KG', 'CORN-5KG'], ['P: 玉米 5kg ', '玉米 5kg'], ['P:A:B', 'A:B']] as const) assert.equal(skuOf(scene), sku);
  });
  it('names none otherwise', () => {
    for (const scene of ['', 'P:', 'P:  ', 'Scene', 'p:CORN', 'XP:CORN', 'P CORN']) assert.equal(skuOf(scene), undefined);
  });
});
