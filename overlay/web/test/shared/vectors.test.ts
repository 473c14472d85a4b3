import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { cueIn, cueInRange, cueText, type Cue } from '../../src/shared/cue.ts';

interface Want {
  readonly kind: string;
  readonly show: string;
  readonly seq: number;
  readonly pinned?: readonly string[];
}

const vectors = JSON.parse(readFileSync('../../clients/vectors/cues.json', 'utf8')) as {
  tags: { name: string; tag: string; text?: string; cue: Want | null }[];
  ranges: { name: string; attributes: Record<string, string>; cue: Want | null }[];
};

function compare(got: Cue | null, want: Want | null): void {
  const seen = got && { kind: got.kind, show: got.show, seq: got.seq, ...(got.kind === 'state' && { pinned: (got.pinned ?? []).map((p) => p.id) }) };
  assert.deepEqual(seen, want);
}

describe('the vectors for parsers of cues', () => {
  for (const { name, tag, text, cue } of vectors.tags) {
    it(`tag: ${name}`, () => {
      const bytes = new Uint8Array(Buffer.from(tag, 'base64'));
      compare(cueIn(bytes), cue);
      if (text !== undefined) assert.equal(cueText(bytes), text);
    });
  }
  for (const { name, attributes, cue } of vectors.ranges) it(`range: ${name}`, () => compare(cueInRange(attributes), cue));

  it('no bytes make the parser throw', () => {
    let seed = 20261201; // the same bytes in each run
    const next = (below: number): number => (seed = (seed * 1103515245 + 12345) % 2147483648) % below;
    for (let n = 0; n < 20000; n++) {
      const bytes = new Uint8Array(Buffer.from(vectors.tags[next(vectors.tags.length)]!.tag, 'base64'));
      for (let k = next(6); k > 0 && bytes.length > 0; k--) bytes[next(Math.min(bytes.length, 60))] = next(256);
      cueIn(bytes.subarray(0, next(bytes.length + 1)));
    }
  });
});
