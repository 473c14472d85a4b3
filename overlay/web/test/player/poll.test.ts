import assert from 'node:assert/strict';
import { test } from 'node:test';
import { follow, merge, parsePoll, parsePolls } from '../../src/player/poll/card.ts';

const open = parsePoll({ id: 'A', question: 'Which?', options: ['Red', 'Green'], votes: [3, 1], ends: 9000 })!;

test('a card is read as far as it is one', () => {
  assert.deepEqual(open, { id: 'A', question: 'Which?', options: ['Red', 'Green'], votes: [3, 1], ends: 9000, closed: false });
  assert.equal(parsePoll(undefined), undefined);
  assert.equal(parsePoll({ question: 'Which?' }), undefined);
  assert.equal(parsePoll({ id: 'A', votes: [1, 'x'] })!.votes, undefined);
  assert.deepEqual(parsePolls({ polls: [{ id: 'A' }, { id: 'B', question: 'Why?', closed: true }, null] }).map((p) => [p.id, p.closed]), [['B', true]]);
});

test('sums come to the words that are known, and the late picture takes no vote back', () => {
  const after = merge(open, parsePoll({ id: 'A', votes: [5, 1] })!);
  assert.deepEqual(after, { ...open, votes: [5, 1] });
  assert.deepEqual(merge(after, parsePoll({ id: 'A', votes: [4, 1] })!).votes, [5, 1]);
  assert.deepEqual(merge(after, parsePoll({ id: 'A', votes: [4, 2] })!).votes, [4, 2], 'somebody chose anew');
  assert.deepEqual(merge(after, { ...parsePoll({ id: 'A', votes: [4, 1] })!, closed: true }).votes, [4, 1], 'the result is the last word');
  assert.equal(merge(open, parsePoll({ id: 'A' })!).votes, open.votes);
});

test('what a cue does', () => {
  const sums = parsePoll({ id: 'A', votes: [5, 1] });
  const cases: [string, ...Parameters<typeof follow>][] = [
    ['open', 'poll.open', open, undefined, '', false],
    ['open', 'state', open, undefined, '', false], // who joins late
    ['', 'state', open, undefined, 'A', false], // its result was shown
    ['', 'poll.open', open, open, '', false], // the state came first
    ['update', 'poll.update', sums, open, '', false],
    ['', 'poll.update', sums, undefined, '', false],
    ['update', 'state', open, open, '', false],
    ['close', 'poll.close', open, open, '', false],
    ['close', 'poll.close', open, undefined, '', false], // who joins at its end
    ['end', 'state', undefined, open, '', false], // a seek to before or behind it
    ['', 'state', undefined, { ...open, closed: true }, 'A', false], // its result stays a while
    ['open', 'poll.open', open, { ...open, closed: true }, 'A', false], // it goes on
    ['open', 'poll.open', open, undefined, 'A', true], // a recording that is played again
    ['', 'poll.close', open, undefined, 'A', true],
  ];
  for (const [want, ...of] of cases) assert.equal(follow(...of), want, JSON.stringify(of));
});
