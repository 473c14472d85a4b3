import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CueQueue, cueIn, cueText, parseCue, type Cue, type Product, type Reached } from '../../src/shared/cue.ts';

const product = (id: string, more: Partial<Product> = {}): Product => ({ id, rev: 1, title: id, price: 100, currency: 'CNY', ...more });

const event = (seq: number, kind: string, more: object = {}): Cue =>
  ({ v: 1, kind, show: 'S', seq, at: 0, ...more }) as Cue;
const pin = (seq: number, id: string): Cue => event(seq, 'product.pin', { product: product(id) });
const unpin = (seq: number, id: string): Cue => event(seq, 'product.unpin', { product: { id } });
const state = (seq: number, ...ids: string[]): Cue => event(seq, 'state', { pinned: ids.map((id) => product(id)) });

/** One ID3v2.4 tag of one TXXX frame, as ID3v2.4 3.1 and 4.2.6 lay it out. */
function tag(description: string, value: string, encoding = 3, id = 'TXXX', version = 4): Uint8Array {
  const body = new Uint8Array([encoding, ...new TextEncoder().encode(`${description}\0${value}`)]);
  const size = (n: number): number[] => [(n >> 21) & 127, (n >> 14) & 127, (n >> 7) & 127, n & 127];
  const frame = [...new TextEncoder().encode(id), ...size(body.length), 0, 0, ...body];
  return new Uint8Array([0x49, 0x44, 0x33, version, 0, 0, ...size(frame.length), ...frame]);
}

class Log {
  reached: Reached[] = [];
  shops: string[] = [];
  queue = new CueQueue(
    (r) => this.reached.push(r),
    (s) => this.shops.push(s.pinned.map((p) => p.id).join(',')),
  );
  /** Kind and seq of what was reached since the last call. */
  take(): string {
    const out = this.reached.map((r) => `${r.cue.kind}:${r.cue.seq}${r.late ? ' late' : ''}${r.repeat ? ' repeat' : ''}`).join(' | ');
    this.reached = [];
    return out;
  }
  ids(): string {
    return this.queue.shop.pinned.map((p) => p.id).join(',');
  }
}

function joined(at = 0): Log {
  const log = new Log();
  log.queue.tick(at);
  return log;
}

describe('parseCue', () => {
  const whole = { v: 1, kind: 'product.pin', show: 'S', seq: 3, product: { id: 'P' } };
  const refused: [string, unknown][] = [
    ['no JSON', '{"v":1,'],
    ['null', 'null'],
    ['an array', '[]'],
    ['another version', { ...whole, v: 2 }],
    ['a later kind', { ...whole, kind: 'quiz.open' }],
    ['a kind that only begins like one', { ...whole, kind: 'state.more' }],
    ['no show', { ...whole, show: undefined }],
    ['a seq in text', { ...whole, seq: '3' }],
    ['no product', { ...whole, product: undefined }],
    ['a product without id', { ...whole, product: { title: 'x' } }],
    ['pinned that is no list', { ...whole, kind: 'state', pinned: {} }],
  ];
  for (const [name, value] of refused) {
    it(`refuses ${name}`, () => {
      assert.equal(parseCue(typeof value === 'string' ? value : JSON.stringify(value)), null);
    });
  }
  it('reads a pin, a pulse without seq, and a state with a broken product', () => {
    assert.equal(parseCue(JSON.stringify(whole))?.product?.id, 'P');
    assert.equal(parseCue('{"v":1,"kind":"pulse","show":"S","viewers":7}')?.seq, 0);
    assert.deepEqual(parseCue('{"v":1,"kind":"state","show":"S","seq":1,"pinned":[{"id":"A"},{"x":1},null]}')?.pinned, [{ id: 'A' }]);
    assert.deepEqual(parseCue('{"v":1,"kind":"state","show":"S","seq":1}')?.pinned, []);
  });
});

describe('cueText', () => {
  it('reads UTF-8 from a tag longer than 127 bytes', () => {
    const text = JSON.stringify({ title: '玉米 5kg'.repeat(40) });
    assert.equal(cueText(tag('mediad.cue', text)), text);
  });
  it('finds the frame behind another one', () => {
    const first = tag('other', 'x').subarray(10);
    const second = tag('mediad.cue', '{}').subarray(10);
    const both = new Uint8Array([0x49, 0x44, 0x33, 4, 0, 0, 0, 0, 0, first.length + second.length, ...first, ...second]);
    assert.equal(cueText(both), '{}');
  });
  it('refuses what is not one', () => {
    assert.equal(cueText(tag('mediad.other', '{}')), null);
    assert.equal(cueText(tag('mediad.cue', '{}', 1)), null);
    assert.equal(cueText(tag('mediad.cue', '{}', 3, 'PRIV')), null);
    assert.equal(cueText(tag('mediad.cue', '{}', 3, 'TXXX', 3)), null);
    assert.equal(cueText(new Uint8Array()), null);
  });
  it('stands any cut of a tag, and any single changed byte', () => {
    const good = tag('mediad.cue', JSON.stringify(pin(1, 'A')));
    for (let n = 0; n < good.length; n++) assert.equal(cueIn(good.subarray(0, n)), null);
    for (let n = 0; n < good.length; n++) {
      const bad = good.slice();
      bad[n] = bad[n]! ^ 0xff;
      cueIn(bad);
    }
    assert.equal(cueIn(good)?.seq, 1);
  });
});

describe('CueQueue', () => {
  it('fires what playback reaches, in order of time, each once', () => {
    const log = joined();
    log.queue.add(pin(2, 'B'), 3);
    log.queue.add(pin(1, 'A'), 2);
    log.queue.tick(1.99);
    assert.equal(log.take(), '');
    assert.equal(log.queue.next(), 2);
    log.queue.tick(2);
    assert.equal(log.take(), 'product.pin:1');
    log.queue.tick(3.5);
    log.queue.tick(4);
    assert.equal(log.take(), 'product.pin:2');
    assert.deepEqual(log.shops, ['A', 'A,B']);
    assert.equal(log.queue.next(), undefined);
  });

  it('keeps events of one frame in order of seq and the state last', () => {
    const log = joined();
    log.queue.add(state(2, 'B'), 1);
    log.queue.add(unpin(2, 'A'), 1);
    log.queue.add(pin(1, 'A'), 1);
    log.queue.tick(1);
    assert.equal(log.take(), 'product.pin:1 | product.unpin:2 | state:2');
    assert.equal(log.ids(), 'B');
  });

  it('dedupes: a part read twice, a reader that reports twice, a state repeated', () => {
    const log = joined();
    assert.equal(log.queue.add(pin(1, 'A'), 1), true);
    assert.equal(log.queue.add(pin(1, 'A'), 1.01), false);
    assert.equal(log.queue.add(state(1, 'A'), 2), true);
    assert.equal(log.queue.add(state(1, 'A'), 2.00001), false);
    assert.equal(log.queue.add(state(1, 'A'), 4), true);
    log.queue.tick(5);
    assert.equal(log.take(), 'product.pin:1 | state:1 repeat | state:1 repeat');
    assert.equal(log.shops.length, 1);
  });

  it('applies a state if its seq is not less, an event only if it is more', () => {
    const log = joined();
    log.queue.add(state(5, 'A'), 1);
    log.queue.add(pin(5, 'B'), 2);
    log.queue.add(state(4), 3);
    log.queue.add(pin(6, 'C'), 4);
    log.queue.tick(5);
    assert.equal(log.take(), 'state:5 | product.pin:6');
    assert.equal(log.ids(), 'A,C');
  });

  it('lets an update change what is pinned, and nothing else', () => {
    const log = joined();
    log.queue.add(pin(1, 'A'), 1);
    log.queue.add(event(2, 'product.update', { product: { id: 'A', rev: 2, price: 80 } }), 2);
    log.queue.add(event(3, 'product.update', { product: { id: 'Z', price: 1 } }), 3);
    log.queue.tick(4);
    assert.deepEqual(log.queue.shop.pinned, [{ ...product('A'), rev: 2, price: 80 }]);
  });

  it('starts anew with a new show, whose seq starts at 1', () => {
    const log = joined();
    log.queue.add(state(90, 'A'), 1);
    log.queue.add({ ...pin(1, 'B'), show: 'T' }, 2);
    log.queue.tick(3);
    assert.equal(log.ids(), 'B');
    assert.equal(log.queue.shop.show, 'T');
  });

  it('fills in what a state over the cap had to drop, from the same revision only', () => {
    const log = joined();
    log.queue.add(pin(1, 'A'), 1);
    log.queue.add(event(2, 'state', { pinned: [{ id: 'A', rev: 1, price: 90 }] }), 2);
    log.queue.tick(2);
    assert.equal(log.queue.shop.pinned[0]?.title, 'A');
    assert.equal(log.queue.shop.pinned[0]?.price, 90);
    log.queue.add(event(3, 'state', { pinned: [{ id: 'A', rev: 2 }] }), 3);
    log.queue.tick(3);
    assert.equal(log.queue.shop.pinned[0]?.title, undefined);
  });

  it('gives a late joiner the state, and no events from before', () => {
    const log = new Log();
    log.queue.add(state(3, 'A'), 8);
    log.queue.add(pin(4, 'B'), 9);
    log.queue.add(pin(5, 'C'), 11);
    log.queue.tick(10);
    assert.equal(log.take(), 'state:3 late');
    assert.deepEqual(log.shops, ['A,B']);
    log.queue.tick(11);
    assert.equal(log.take(), 'product.pin:5');
  });

  it('counts a cue in the first instant of playback as reached', () => {
    const log = new Log();
    log.queue.add(pin(1, 'A'), 10);
    log.queue.tick(10.03);
    assert.equal(log.take(), 'product.pin:1');
  });

  it('rebuilds the shop on a seek back, and fires again what comes again', () => {
    const log = joined();
    log.queue.add(state(0), 0.5);
    log.queue.add(pin(1, 'A'), 3);
    log.queue.add(state(1, 'A'), 4);
    log.queue.add(pin(2, 'B'), 5);
    log.queue.add(unpin(3, 'A'), 7);
    log.queue.tick(8);
    log.take();
    assert.equal(log.ids(), 'B');
    log.queue.seek(6);
    assert.equal(log.take(), 'state:1 late');
    assert.equal(log.ids(), 'A,B');
    log.queue.tick(7.1);
    assert.equal(log.take(), 'product.unpin:3');
    assert.equal(log.ids(), 'B');
    log.queue.seek(1);
    assert.equal(log.ids(), '');
    assert.deepEqual(log.shops.slice(-3), ['A,B', 'B', '']);
  });

  it('jumps forward over events without firing them, to the right state', () => {
    const log = joined();
    log.queue.add(pin(1, 'A'), 1);
    log.queue.tick(1);
    log.take();
    log.queue.add(pin(2, 'B'), 5);
    log.queue.seek(10);
    assert.equal(log.take(), '');
    assert.equal(log.ids(), 'A,B');
    // The fragment of the new place arrives only now, with the state at its head.
    log.queue.add(state(4, 'D'), 9);
    log.queue.tick(10.1);
    assert.equal(log.take(), 'state:4 late');
    assert.equal(log.ids(), 'D');
  });

  it('takes a nudge over a gap as playback', () => {
    const log = joined(4);
    log.queue.add(pin(1, 'A'), 5);
    log.queue.tick(4.9);
    log.queue.seek(5.4);
    assert.equal(log.take(), 'product.pin:1');
  });

  it('keeps the shop over a new timeline, and empties it at the end', () => {
    const log = joined();
    log.queue.add(state(7, 'A'), 1);
    log.queue.tick(100);
    log.queue.restart();
    assert.equal(log.ids(), 'A');
    log.queue.add(state(7, 'A'), 0.2);
    log.queue.tick(0.5);
    log.queue.add(pin(8, 'B'), 0.9);
    log.queue.tick(1);
    assert.equal(log.ids(), 'A,B');
    log.queue.reset();
    assert.equal(log.ids(), '');
    assert.equal(log.shops.at(-1), '');
  });

  it('passes each pulse once, whatever the seq', () => {
    const log = joined();
    const pulse = (at: number): Cue => parseCue(JSON.stringify({ v: 1, kind: 'pulse', show: 'S', at, viewers: 1 }))!;
    log.queue.add(pin(5, 'A'), 0.5);
    log.queue.add(pulse(1), 1);
    log.queue.add(pulse(1), 1);
    log.queue.add(pulse(2), 2);
    log.queue.tick(3);
    assert.equal(log.take(), 'product.pin:5 | pulse:0 | pulse:0');
  });

  it('forgets the oldest of a very long show, and nothing that is still to come', () => {
    const log = joined();
    for (let i = 0; i < 9000; i++) {
      log.queue.add(event(i + 1, 'custom'), i * 2);
      log.queue.tick(i * 2);
    }
    assert.equal(log.reached.length, 9000);
    log.queue.add(pin(9001, 'A'), 18100);
    log.queue.tick(18100);
    assert.equal(log.ids(), 'A');
  });
});
