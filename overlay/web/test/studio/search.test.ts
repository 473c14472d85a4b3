import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Goods, Line } from '../../src/studio/shows/change.ts';
import { insteadOf, nextOf, placeOf } from '../../src/studio/air/next.ts';
import { groupOf, has, perGroup, stepped } from '../../src/studio/search/hits.ts';

test('a name is found by a part of each word, whatever its capitals and accents', () => {
  assert.ok(has('EXEMPLE wang', 'Wáng', 'wang@exemple.fr'));
  assert.ok(has('茶', 'Spring tea 春茶'));
  assert.ok(!has('wang li', 'Wang'));
  assert.ok(!has('  ', 'Wang'));
});

test('a group has few hits, and says that there are more', () => {
  const hit = { to: 'people', name: 'Wang', more: '' };
  assert.deepEqual(groupOf('people', [hit]), { section: 'people', hits: [hit], more: false });
  const many = groupOf('people', Array.from({ length: perGroup + 1 }, () => hit));
  assert.deepEqual([many.hits.length, many.more], [perGroup, true]);
  assert.ok(groupOf('shows', [hit], true).more, 'the server has more');
});

test('the arrows go round, through all groups', () => {
  assert.equal(stepped(0, 'ArrowDown', 3), 1);
  assert.equal(stepped(2, 'ArrowDown', 3), 0);
  assert.equal(stepped(0, 'ArrowUp', 3), 2);
  assert.equal(stepped(0, 'Home', 3), undefined, 'it moves in the text');
  assert.equal(stepped(0, 'ArrowDown', 0), undefined);
});

test('on air the line behind the present one comes next', () => {
  const lines = ['a', 'b'].map((product) => ({ product }) as Line);
  assert.equal(nextOf(lines, '')?.product, 'a');
  assert.equal(nextOf(lines, 'a')?.product, 'b');
  assert.equal(nextOf(lines, 'b'), undefined);
  assert.equal(nextOf(lines, 'gone')?.product, 'a');
});

test('past a next line that is sold out leads the first one behind it that is not', () => {
  const line = (product: string, stock: string) => ({ product, goods: { id: product, stock } }) as Line;
  const lines = [line('a', 'in'), line('b', 'out'), line('c', 'out'), line('d', 'low')];
  assert.equal(insteadOf(lines, lines[1])?.product, 'd');
  assert.equal(insteadOf(lines, lines[0]), undefined);
  assert.equal(insteadOf(lines.slice(0, 3), lines[1]), undefined);
  assert.equal(insteadOf(lines, undefined), undefined);
});

test('the newest pin is on screen, and the others are so, too', () => {
  const pins = [{ id: 'a' }, { id: 'b' }] as Goods[];
  assert.deepEqual(['a', 'b', 'c'].map((product) => placeOf(pins, product)), ['also', 'now', '']);
});
