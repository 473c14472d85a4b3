import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import phrases from '../../src/generated/strings/player-talk.ts';
import { parseComment, parsePage, Thread, Windows, type Comment } from '../../src/player/talk/comment.ts';
import { refusalOf } from '../../src/player/talk/refusal.ts';

const said = (id: string, at = 0, more: Partial<Comment> = {}): Comment => ({ ...parseComment({ id, text: id, name: 'Mei', at, by: 'viewer' })!, ...more });
const ids = (list: readonly Comment[]): string => list.map((c) => c.id).join(' ');

describe('a thread', () => {
  it('is in the order of sending, with what is on its way last', () => {
    const t = new Thread();
    t.add([said('B'), said('~1', 0, { pending: true })]);
    t.add([said('C'), said('A')]);
    assert.equal(ids(t.list), 'A B C ~1');
  });
  it('loses what the newest page lacks, but not what is older, the viewer own, or on its way', () => {
    const t = new Thread();
    t.add(['A', 'B', 'C', 'D'].map((id) => said(id)));
    t.add([said('~1', 0, { pending: true })]);
    t.renew([said('B'), said('E')], new Set(['D']));
    assert.equal(ids(t.list), 'A B D E ~1');
  });
  it('takes no comment without an id or a text', () => assert.deepEqual(parsePage({ open: 1, comments: [{}, { id: 'A' }, 3, { id: 'A', text: 'x' }] }).comments.map((c) => c.id), ['A']));
});

describe('comments by the moment of the picture', () => {
  it('come up to that moment, and are asked for once where nothing more comes in', async () => {
    const asked: number[] = [];
    const w = new Windows(async (from) => (asked.push(from), [said(`at${from + 1}`, from + 1), said(`at${from + 20}`, from + 20)]), () => 10_000);
    w.at(70);
    await Promise.resolve();
    assert.equal(ids(w.at(70)), 'at31 at50 at61');
    assert.equal(ids(w.at(85)), 'at31 at50 at61 at80');
    assert.deepEqual(asked, [60, 30, 90]);
    assert.equal(ids(w.at(40)), 'at31');
  });
  it('are asked for again while the part goes on', async () => {
    let now = 100;
    let asked = 0;
    const w = new Windows(async () => (asked++, []), () => now);
    w.at(95);
    await Promise.resolve();
    const first = asked;
    w.at(96);
    assert.equal(asked, first);
    now += 6;
    w.at(97);
    assert.ok(asked > first);
  });
});

describe('a refusal', () => {
  const t = phrases.en;
  it('is told in words, with the time to wait', () => {
    assert.deepEqual(refusalOf(429, 'you can write again in 12 seconds', t), { words: 'Slow mode: you can write again in 12 s.', wait: 12 });
    assert.match(refusalOf(403, 'you can write again in 5 minutes', t).words, /in 5 min/);
    assert.equal(refusalOf(422, 'text: links are not allowed in this chat', t).words, t.talkLink);
    assert.equal(refusalOf(409, 'The chat is closed: the show has ended.', t).words, t.talkOver);
    assert.equal(refusalOf(0, '', t).words, t.talkFailed);
  });
});
