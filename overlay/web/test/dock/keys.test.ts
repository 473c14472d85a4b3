import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { actOf, keys, type Press } from '../../src/dock/keys.ts';

const press = (key: string, more: Partial<Press> = {}): Press => ({ key, code: '', ctrlKey: false, metaKey: false, altKey: false, isComposing: false, ...more });

describe('the keys', () => {
  it('do what their list says, in both cases', () => {
    for (const [act, key] of Object.entries(keys)) assert.deepEqual([actOf(press(key)), actOf(press(key.toLowerCase()))], [act, act]);
  });
  it('count by their place on a keyboard without Latin letters', () => {
    assert.equal(actOf(press('т', { code: 'KeyN' })), 'next');
    assert.equal(actOf(press('Process', { code: 'KeyP' })), 'pin');
  });
  it('leave shortcuts of the browser, and words that are being composed, alone', () => {
    for (const more of [{ ctrlKey: true }, { metaKey: true }, { altKey: true }, { isComposing: true }]) assert.equal(actOf(press('p', more)), undefined);
    for (const key of ['q', 'Enter', ' ', 'ArrowDown']) assert.equal(actOf(press(key)), undefined);
  });
  it('are all different', () => assert.equal(new Set(Object.values(keys)).size, Object.keys(keys).length));
});
