import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { forget, keep, tokenOf } from '../../src/dock/token.ts';

function store(): Storage {
  const m = new Map<string, string>();
  return { getItem: (k: string) => m.get(k) ?? null, setItem: (k: string, v: string) => void m.set(k, v), removeItem: (k: string) => void m.delete(k) } as unknown as Storage;
}

describe('the token', () => {
  it('is taken out of the address, and kept', () => {
    const s = store();
    let now = '';
    assert.equal(tokenOf(new URL('https://live.example/dock/demo?lang=zh#t=mediad_abc'), s, (url) => (now = url)), 'mediad_abc');
    assert.equal(now, 'https://live.example/dock/demo?lang=zh');
    assert.equal(tokenOf(new URL(now), s, () => assert.fail('the address has no token')), 'mediad_abc');
  });
  it('of the address replaces the one that was kept', () => {
    const s = store();
    keep('old', s);
    assert.equal(tokenOf(new URL('https://live.example/dock/demo#t=new'), s, () => {}), 'new');
    assert.equal(tokenOf(new URL('https://live.example/dock/demo#other'), s, () => {}), 'new');
    forget(s);
    assert.equal(tokenOf(new URL('https://live.example/dock/demo'), s, () => {}), '');
  });
});
