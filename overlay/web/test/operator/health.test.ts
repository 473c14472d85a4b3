import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { rate, rows, skew } from '../../src/shared/figures.ts';
import { parseHealth } from '../../src/shared/health.ts';
import { eventOf, readSaid, warningOf } from '../../src/shared/said.ts';
import { clock } from '../../src/shared/times.ts';
import { aloud, brief, isTrouble } from '../../src/operator/news.ts';
import { languageFor } from '../../src/operator/words.ts';

const en = languageFor('en');
const zh = languageFor('zh-CN');

describe('parseHealth', () => {
  it('reads the clicks of the show, and none where there is no show', () => {
    assert.equal(parseHealth({ show: { id: 'S', clicks: 41 } }).clicks, 41);
    assert.equal(parseHealth({ show: { clicks: 'many' } }).clicks, 0);
    assert.equal(parseHealth({ live: true }).clicks, undefined);
  });

  it('reads an answer', () => {
    const h = parseHealth({ live: true, warning_details: [{ code: 'late', text: 'It is late.', value: 3.2 }], ingest: { fps: 29.97, b_frames: true, encoder: 'obs' } });
    assert.equal(h.live, true);
    assert.deepEqual(h.warnings, [{ code: 'late', text: 'It is late.', value: 3.2 }]);
    assert.equal(h.ingest?.fps, 29.97);
    assert.equal(h.ingest?.b_frames, true);
    assert.equal(h.ingest?.encoder, 'obs');
    assert.equal(h.ingest?.rtt, 0);
  });
  it('reads how many watch, since when, and until when a lost publisher is waited for', () => {
    const h = parseHealth({ live: true, waiting: true, viewers: 12, since: '2026-11-21T10:00:00Z', away: { since: '2026-11-21T10:05:00Z', until: '2026-11-21T10:06:00Z' } });
    assert.equal(h.viewers, 12);
    assert.equal(h.since?.getTime(), Date.UTC(2026, 10, 21, 10));
    assert.equal(h.until?.getTime(), Date.UTC(2026, 10, 21, 10, 6));
    const odd = parseHealth({ viewers: 'many', since: 'soon', away: 7 });
    assert.deepEqual([odd.viewers, odd.since, odd.until], [0, undefined, undefined]);
  });
  it('takes nonsense for nothing said', () => {
    for (const j of [null, 7, 'x', [], { live: 1, warning_details: 'x', ingest: 3 }, { warning_details: [null, 1, {}, { code: 2 }], publisher_events: [null, {}, { kind: 'lost', at: 'x' }, { at: '2026-01-01T00:00:00Z' }] }]) {
      assert.deepEqual(parseHealth(j), { live: false, waiting: false, viewers: 0, since: undefined, until: undefined, warnings: [], ingest: undefined, events: [], clicks: undefined });
    }
  });
});

it('says the numbers', () => {
  const i = parseHealth({
    ingest: { incoming_bitrate: 2_512_000, bitrate: 2_700_000, width: 1280, height: 720, fps: 29.97, keyframe_interval: 2, keyframe_interval_max: 8.333,
      audio: 'mp4a.40.2', audio_offset: 0.04, drift: -0.002, late: 0.31, jitter: 0.004, rtt: 0.0231, dropped: 3, late_frames: 4, jumps: 1, pauses: 2, encoder: 'FMLE/3.0', protocol: 'rtmp' },
  }).ingest!;
  const said = Object.fromEntries(rows(i, en));
  assert.equal(said['Received'], '2.51 Mbit/s');
  assert.equal(said['Picture'], '1280 × 720');
  assert.equal(said['Keyframe interval'], '2.0 s (up to 8.3 s)');
  assert.equal(said['Sound against picture'], 'sound 40 ms ahead (changed by 2 ms)');
  assert.equal(said['Round trip'], '23 ms');
  assert.equal(said['Late frames'], '4');
  assert.equal(said['Breaks'], '3');
  assert.equal(said['Encoder'], 'FMLE/3.0 · RTMP');
  assert.equal(rows(i, zh).length, rows(i, en).length);
  assert.equal(Object.fromEntries(rows(parseHealth({ ingest: {} }).ingest!, en))['Received'], '–');
  const several = parseHealth({ ingest: { width: 1280, height: 720, renditions: [{ width: 1280, height: 720, bitrate: 1 }, { width: 640, height: 360, bitrate: 0 }, 7] } }).ingest!;
  assert.equal(Object.fromEntries(rows(several, en))['Picture'], '1280 × 720, 640 × 360');
  assert.equal(rate(640_000, en.words, 'en'), '640 kbit/s');
});

describe('warnings', () => {
  before(readSaid);
  const w = { code: 'keyframe_interval', text: 'Viewers wait up to 8.3 s to join: set the keyframe interval to 2 s in OBS → Settings → Output.', value: 8.333 };
  it('are the server’s words in English', () => assert.equal(warningOf(w, en), w.text));
  it('are translated into Chinese, with their number', () => assert.equal(warningOf(w, zh), '新进入的观众最多等待 8.3 秒：请在 OBS → 设置 → 输出 中将关键帧间隔设为 2 秒。'));
  it('that are not known stay as they came', () => assert.equal(warningOf({ ...w, code: 'new' }, zh), w.text));
});

describe('what happened', () => {
  before(readSaid);
  const at = (s: number) => `2026-11-21T10:00:0${s}Z`;
  const { events } = parseHealth({ publisher_events: [
    ...[1, 2, 3].map((s) => ({ kind: 'back', text: 'The publisher is back.', at: at(s) })),
    { kind: 'refused', text: 'A publisher with the right key was not let on: at eight.', reason: 'at eight', at: at(4) },
    { kind: 'ended', text: 'The broadcast ended: the encoder stopped.', reason: 'the encoder stopped', at: at(5) },
    { kind: 'later', text: 'A kind of a later version.', at: at(6) },
  ] });
  it('is the last few, newest first', () => {
    assert.deepEqual(events.map((e) => e.kind), ['later', 'ended', 'refused', 'back', 'back']);
    assert.equal(events[0]?.at.getTime(), Date.UTC(2026, 10, 21, 10, 0, 6));
  });
  it('is the server’s words in English', () => assert.deepEqual(events.map((e) => eventOf(e, en)), events.map((e) => e.text)));
  it('is translated into Chinese, with its reason, where it is known', () => assert.deepEqual(events.slice(0, 4).map((e) => eventOf(e, zh)),
    ['A kind of a later version.', '直播已结束：编码器停止推流。', '密钥正确，但推流被拒绝：at eight', '推流已恢复。']));
});

describe('A/V skew', () => {
  it('says in a word which way, and has no sign', () => {
    assert.equal(skew(-0.0124, en.words, 'en'), 'sound 12 ms behind');
    assert.equal(skew(1.2, en.words, 'en'), 'sound 1,200 ms ahead');
    assert.equal(skew(0.0004, en.words, 'en'), 'none');
    assert.equal(skew(-0.0124, zh.words, 'zh-CN'), '声音滞后 12 毫秒');
  });
});

it('writes a length of time as a clock does', () => {
  for (const [ms, want] of [[7400, '0:07'], [2_530_000, '42:10'], [3_730_000, '1:02:10'], [-5000, '0:00']] as const) assert.equal(clock(ms), want);
});

describe('how it goes, in words', () => {
  const late = { code: 'late', text: 'The stream arrives 3.2 s late.', value: 3.2 };
  const of = (json: object) => parseHealth({ live: true, ...json });
  it('counts what somebody should look at, and says it aloud', () => {
    assert.equal(brief('there', of({}), en), 'All is well.');
    assert.equal(isTrouble('there', of({})), false);
    assert.equal(brief('there', of({ warning_details: [late] }), en), en.words.oneProblem);
    assert.equal(brief('there', of({ warning_details: [late, { ...late, code: 'b' }] }), zh), '2 个问题需要处理');
    assert.equal(aloud('there', of({ warning_details: [late] }), en), late.text);
    assert.equal(isTrouble('there', of({ warning_details: [late] })), true);
  });
  it('tells a lost publisher, a room off air and a server that does not answer', () => {
    assert.equal(brief('there', of({ waiting: true, warning_details: [late] }), en), en.words.publisherAway);
    assert.equal(isTrouble('there', parseHealth({ warning_details: [late] })), false, 'nobody publishes: there is nothing to mend');
    assert.equal(brief('there', parseHealth({}), en), en.words.nobodyPublishes);
    assert.equal(brief('away', of({}), en), en.words.noAnswer);
    assert.equal(isTrouble('away', of({})), true);
  });
});
