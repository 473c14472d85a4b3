import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { afterDrop } from '../../src/dock/drop.ts';

describe('where a dragged line lands', () => {
  const rows = [{ id: 'a', middle: 10 }, { id: 'b', middle: 30 }, { id: 'c', middle: 50 }];
  it('is behind the last row above it', () => {
    assert.equal(afterDrop(rows, 'a', 60), 'c');
    assert.equal(afterDrop(rows, 'a', 40), 'b');
    assert.equal(afterDrop(rows, 'c', 20), 'a');
  });
  it('is in front of all above the first', () => {
    assert.equal(afterDrop(rows, 'c', 5), '');
    assert.equal(afterDrop([], 'a', 5), '');
  });
  it('does not count its own row', () => {
    assert.equal(afterDrop(rows, 'a', 20), '');
    assert.equal(afterDrop(rows, 'b', 35), 'a');
  });
});
