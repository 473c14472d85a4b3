import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NoticeBoard, readingTime } from '../../src/player/board.ts';
import type { Cue } from '../../src/shared/cue.ts';
import { SlateDetector } from '../../src/player/slate-detector.ts';

const notice = (text: unknown, seq = 1): Cue => ({ v: 1, kind: 'notice', show: 'S', seq, text });

describe('NoticeBoard', () => {
  it('shows a word from its moment on, for as long as it takes to read', () => {
    const b = new NoticeBoard();
    b.add(notice('Last ten boxes!'), 100);
    const end = 100 + readingTime('Last ten boxes!');
    assert.equal(b.at(99.9), undefined);
    assert.equal(b.at(100)?.text, 'Last ten boxes!');
    assert.equal(b.at(end - 0.1)?.text, 'Last ten boxes!');
    assert.equal(b.at(end), undefined);
    assert.equal(b.at(104)?.text, 'Last ten boxes!', 'a replay may go back to it');
  });
  it('shows the newest of several, in whichever order they came', () => {
    const b = new NoticeBoard();
    b.add(notice('two', 2), 12);
    b.add(notice('one', 1), 10);
    b.add(notice('three', 3), 12);
    assert.equal(b.at(11)?.text, 'one');
    assert.equal(b.at(13)?.text, 'three');
  });
  it('leaves alone what is no notice', () => {
    const b = new NoticeBoard();
    for (const text of ['', '  ', undefined, 5]) b.add(notice(text), 1);
    b.add({ ...notice('x'), kind: 'custom' }, 1);
    assert.equal(b.at(1), undefined);
  });
  it('forgets with the timeline', () => {
    const b = new NoticeBoard();
    b.add(notice('x'), 1);
    b.clear();
    assert.equal(b.at(1), undefined);
  });
  it('gives more time to more words, in bounds', () => {
    assert.ok(readingTime('Hi') >= 8 && readingTime('Hi') < readingTime('x'.repeat(120)));
    assert.ok(readingTime('x'.repeat(200)) <= 20);
  });
});

describe('SlateDetector', () => {
  const run = (fps: number, ms = 4000, s = new SlateDetector()): boolean => {
    let said = false;
    for (let at = 0; at <= ms; at += 500) said = s.look(at, Math.floor((at * fps) / 1000));
    return said;
  };
  it('tells a repeated picture from a moving one', () => {
    assert.equal(run(4), true);
    assert.equal(run(0), true);
    assert.equal(run(10), false);
    assert.equal(run(60), false);
  });
  it('takes its time', () => assert.equal(run(4, 1000), false));
  it('says nothing where the browser does not count', () => {
    const s = new SlateDetector();
    for (let at = 0; at < 5000; at += 500) assert.equal(s.look(at, NaN), false);
  });
  it('begins anew with another picture', () => {
    const s = new SlateDetector();
    assert.equal(run(4, 4000, s), true);
    assert.equal(s.look(4500, 0), false);
  });
  it('sees at once that the picture moves again', () => {
    const s = new SlateDetector();
    run(4, 4000, s);
    assert.equal(s.look(4500, 16 + 15), false);
  });
});
