import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dayFrom, kinds } from '../../src/studio/audit/sieve.ts';

describe('what the list of deeds is narrowed to', () => {
  it('is a whole day of the reader', () => {
    const { from, to } = dayFrom('2026-12-03');
    assert.deepEqual([new Date(from!), new Date(to!)], [new Date(2026, 11, 3), new Date(2026, 11, 4)]);
  });
  it('goes over the end of a month', () => assert.equal(dayFrom('2026-12-31').to, new Date(2027, 0, 1).toISOString()));
  it('is no day where none is chosen', () => assert.deepEqual(dayFrom(''), {}));
  it('has each kind once', () => {
    const all = Object.values(kinds).flat();
    assert.equal(new Set(all).size, all.length);
  });
});
