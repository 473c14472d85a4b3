import assert from 'node:assert/strict';
import { test } from 'node:test';

import { whole } from '../../src/dock/pages.ts';

test('a list is read to its end, and not at all where a page of it does not come', async () => {
  const pages: Record<string, { items: number[]; next?: string }> = { '': { items: [1, 2], next: 'b' }, b: { items: [], next: 'c' }, c: { items: [3] } };
  const asked: string[] = [];
  const read = async ({ cursor = '' }: { cursor?: string }) => (asked.push(cursor), pages[cursor]);
  assert.deepEqual(await whole(read), [1, 2, 3]);
  assert.deepEqual(asked, ['', 'b', 'c']);
  delete pages['c'];
  assert.equal(await whole(read), undefined);
});
