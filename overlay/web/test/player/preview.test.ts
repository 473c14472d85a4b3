import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { thumbAt } from '../../src/player/preview.ts';
import { parseThumbs } from '../../src/player/thumbs.ts';

const base = 'https://shop.example/vod/s1/thumbs.vtt';
const track = `WEBVTT

00:00:00.000 --> 00:00:02.000
/live/demo/e1/thumbs.jpg#xywh=0,0,160,90

00:00:02.000 --> 01:00:03.500
/live/demo/e1/thumbs.jpg#xywh=160,0,160,90

01:00:03.500 --> 01:00:09.000
javascript:alert(1)#xywh=0,0,160,90

01:00:09.000 --> 01:00:10.000
/live/demo/e2/thumbs.jpg#xywh=0,0,0,90

not a cue
`;

describe('parseThumbs', () => {
  it('reads cues, and leaves out what is not as it should be', () => {
    const image = 'https://shop.example/live/demo/e1/thumbs.jpg';
    assert.deepEqual(parseThumbs(track, base), [
      { from: 0, to: 2, image, x: 0, y: 0, w: 160, h: 90 },
      { from: 2, to: 3603.5, image, x: 160, y: 0, w: 160, h: 90 },
    ]);
    assert.equal(parseThumbs(track.replaceAll('\n', '\r\n'), base).length, 2);
    assert.deepEqual(parseThumbs('<html>', base), []);
  });
});

describe('thumbAt', () => {
  const list = parseThumbs(track, base);
  const cases: [number, number | undefined][] = [[0, 0], [1.999, 0], [2, 160], [3603.4, 160], [3603.5, undefined], [-1, undefined]];
  for (const [at, x] of cases) it(`${at}`, () => assert.equal(thumbAt(list, at)?.x, x));
});
