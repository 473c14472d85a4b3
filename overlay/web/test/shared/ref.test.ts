import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cameBy, ref, shared } from '../../src/shared/ref.ts';

test('a shared link has the code of its page, and what else stood there', () => {
  assert.match(ref(), /^[a-z0-9]{8}$/);
  assert.equal(shared('https://live.example/watch/tea?show=01J&ref=older123'), `https://live.example/watch/tea?show=01J&ref=${ref()}`);
});

test('who came by a shared link came to a page of the server, with a code', () => {
  const server = 'https://live.example/mediad';
  const by = (href: string): string => cameBy({ href }, server);
  assert.equal(by('https://live.example/mediad/watch/tea?ref=k3x9m2ab'), 'k3x9m2ab');
  for (const other of ['https://shop.example/?ref=newsletter', 'https://live.example/watch/tea', 'https://live.example/watch/tea?ref=%3Cb%3E', 'https://live.example/watch/tea?ref=abc', 'https://live.example/watch/tea?ref=k3x9m2abk3x9m2abk'])
    assert.equal(by(other), '', other);
});
