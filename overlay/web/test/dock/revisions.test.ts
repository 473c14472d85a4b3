import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Revisions } from '../../src/dock/revisions.ts';

test('an edit goes on from what this page changed itself, and from nothing else', () => {
  const own = new Revisions();
  own.made('corn', 4, 5);
  own.made('corn', 5, 7);
  own.made('corn', 8, 9);
  own.made('tea', 7, 8);
  own.made('tea', 9, 9); // nothing changed
  assert.deepEqual([3, 4, 5, 7, 8].map((rev) => own.since('corn', rev)), [3, 7, 7, 7, 9], 'between 7 and 8 came somebody else');
  assert.deepEqual([own.since('tea', 4), own.since('tea', 7), own.since('tea', 9)], [4, 8, 9]);
});
