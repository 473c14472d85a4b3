import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as after } from 'node:timers/promises';
import { Finder } from '../../src/dock/finder.ts';
import { parseItem, type Item } from '../../src/dock/item.ts';

const item = (id: string): Item => parseItem({ id, title: id }, 'https://live.example')!;

/** A finder whose answers come when the test gives them. */
function asked() {
  const asks: { text: string; answer: (found: readonly Item[] | undefined) => void }[] = [];
  let changes = 0;
  const finder = new Finder((text) => new Promise((answer) => asks.push({ text, answer })), () => changes++);
  return { asks, finder, changes: () => changes };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await after(5);
}

describe('finding on the server', () => {
  it('asks once for what was typed in one go, and keeps what stood there until the answer', async () => {
    const { asks, finder, changes } = asked();
    finder.search('c');
    finder.search('co');
    finder.search('corn ');
    assert.equal(finder.busy, true);
    await until(() => asks.length > 0);
    asks[0]!.answer([item('corn')]);
    await until(() => changes() === 1);
    assert.deepEqual([asks.map((a) => a.text), finder.found.map((p) => p.id), finder.busy], [['corn'], ['corn'], false]);
    finder.search('tea');
    assert.deepEqual(finder.found.map((p) => p.id), ['corn']);
    finder.stop();
  });
  it('forgets the answer to a question that nobody has any more', async () => {
    const { asks, finder, changes } = asked();
    finder.search('corn');
    await until(() => asks.length > 0);
    finder.search('');
    asks[0]!.answer([item('corn')]);
    await after(20);
    assert.deepEqual([finder.found, finder.busy, changes()], [[], false, 0]);
  });
  it('keeps what was found where an answer does not come, and takes over what is learnt', async () => {
    const { asks, finder, changes } = asked();
    finder.search('corn');
    await until(() => asks.length > 0);
    asks[0]!.answer([item('corn')]);
    await until(() => changes() === 1);
    finder.again();
    asks[1]!.answer(undefined);
    await until(() => changes() === 2);
    finder.learn({ ...item('corn'), price: 7 });
    assert.deepEqual(finder.found.map((p) => p.price), [7]);
  });
});
