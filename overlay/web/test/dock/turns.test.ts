import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Turns, type Outcome } from '../../src/dock/turns.ts';

/** A deed that ends when the test says so. */
function deed() {
  let end!: (how: Outcome) => void;
  const done = new Promise<Outcome>((ok) => (end = ok));
  const d = { begun: false, end, act: () => { d.begun = true; return done; } };
  return d;
}

const settled = () => new Promise((ok) => setImmediate(ok));

describe('deeds that concern one thing', () => {
  it('happen one after another', async () => {
    const turns = new Turns();
    const [a, b] = [deed(), deed()];
    const first = turns.take('corn', a.act);
    assert.equal(turns.full('corn'), false);
    const second = turns.take('corn', b.act);
    assert.deepEqual([a.begun, b.begun, turns.full('corn')], [true, false, true]);
    a.end(true);
    assert.equal(await first, true);
    await settled();
    assert.deepEqual([b.begun, turns.full('corn')], [true, false]);
    b.end(false);
    assert.equal(await second, false);
  });

  it('are not taken on while one waits, and none waits that may not', async () => {
    const turns = new Turns();
    const [a, b, c] = [deed(), deed(), deed()];
    const first = turns.take('corn', a.act);
    assert.equal(await turns.take('corn', c.act, false), 'early');
    const second = turns.take('corn', b.act);
    assert.equal(await turns.take('corn', c.act), 'early');
    a.end(true);
    b.end(true);
    assert.deepEqual(await Promise.all([first, second]), [true, true]);
    assert.equal(c.begun, false);
    void turns.take('corn', c.act, false);
    assert.equal(c.begun, true, 'the turns go on');
  });

  it('are dropped behind one that fails', async () => {
    for (const how of [false, 'dropped'] as const) {
      const turns = new Turns();
      const [a, b] = [deed(), deed()];
      void turns.take('corn', a.act);
      const second = turns.take('corn', b.act);
      a.end(how);
      assert.equal(await second, 'dropped');
      assert.equal(b.begun, false);
    }
  });

  it('do not wait for those of another', () => {
    const turns = new Turns();
    const [a, b] = [deed(), deed()];
    void turns.take('corn', a.act);
    void turns.take('tea', b.act);
    assert.equal(b.begun, true);
  });
});
