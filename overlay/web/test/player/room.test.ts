import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { detailsURL, parseDetails } from '../../src/shared/details.ts';
import { firstURI, parseRoom } from '../../src/player/room.ts';
import { webURL } from '../../src/shared/web-url.ts';

const base = 'https://live.example/c/room/demo.json';

describe('parseRoom', () => {
  it('reads what the server says', () => {
    const room = parseRoom({ slug: 'demo', title: 'Demo', live: true, show: '01J', replay: '/vod/01J/index.m3u8' }, base);
    assert.deepEqual(room, {
      live: true, waiting: false, paused: false, awaySeconds: undefined, guarded: false, title: 'Demo', latency: 'low', replay: 'https://live.example/vod/01J/index.m3u8',
      rewind: '', reach: 0, since: 0, showId: '01J', next: undefined,
    });
  });
  it('takes what is not said as not so', () => {
    for (const json of [null, 7, [], {}, { live: 'yes', title: 3, replay: {} }]) {
      assert.deepEqual(parseRoom(json, base), {
        live: false, waiting: false, paused: false, awaySeconds: undefined, guarded: false, title: '', latency: 'low', replay: '', rewind: '', reach: 0, since: 0, showId: '', next: undefined,
      });
    }
  });
  it('tells a room that waits for its publisher', () => {
    assert.equal(parseRoom({ live: true, waiting: true }, base).waiting, true);
    for (const waiting of [undefined, false, 'yes', 1]) assert.equal(parseRoom({ live: true, waiting }, base).waiting, false);
  });
  it('tells a show that is off air and may go on', () => {
    assert.equal(parseRoom({ live: false, paused: true }, base).paused, true);
    for (const paused of [undefined, false, null, 'yes', 1]) assert.equal(parseRoom({ live: false, paused }, base).paused, false);
  });
  it('tells the next show', () => {
    const next = { show: '01K', title: 'Harvest', starts_at: '2026-12-01T12:00:00Z', seconds: 90.5 };
    assert.deepEqual(parseRoom({ live: false, next }, base).next, { show: '01K', title: 'Harvest', date: Date.UTC(2026, 11, 1, 12), seconds: 90.5 });
    for (const bad of [null, 'soon', { ...next, starts_at: 'soon' }, { ...next, seconds: '90' }]) assert.equal(parseRoom({ next: bad }, base).next, undefined);
  });
  it('tells for how long a publisher is waited for', () => {
    assert.equal(parseRoom({ live: true, waiting: true, away: { seconds: 41.5 } }, base).awaySeconds, 41.5);
    for (const seconds of [undefined, null, -1, 'soon']) assert.equal(parseRoom({ live: true, waiting: true, away: { seconds } }, base).awaySeconds, undefined);
    assert.equal(parseRoom({ live: true, waiting: true, away: null }, base).awaySeconds, undefined);
  });
  it('tells how far a live room can be gone back in', () => {
    const room = parseRoom({ live: true, rewind: '/live/demo/dvr/index.m3u8', rewind_seconds: 7200, since: '2026-11-21T12:00:00Z' }, base);
    assert.deepEqual([room.rewind, room.reach, room.since], ['https://live.example/live/demo/dvr/index.m3u8', 7200, Date.UTC(2026, 10, 21, 12)]);
    for (const bad of [-1, 'much', null]) assert.equal(parseRoom({ rewind_seconds: bad, since: bad }, base).reach, 0);
  });
  it('knows three latency classes', () => {
    for (const latency of ['low', 'balanced', 'mass']) assert.equal(parseRoom({ latency }, base).latency, latency);
    for (const latency of [undefined, 'quick', 7]) assert.equal(parseRoom({ latency }, base).latency, 'low');
  });
  it('tells a room whose stream needs a signed address', () => assert.equal(parseRoom({ protected: true }, base).guarded, true));
  it('prefers the title of the show', () => {
    assert.equal(parseRoom({ title: 'Room', show: { id: '01J', title: 'Show' } }, base).title, 'Show');
  });
});

describe('webURL', () => {
  it('lets http and https through, made absolute', () => {
    assert.equal(webURL('/img/a.jpg', base), 'https://live.example/img/a.jpg');
    assert.equal(webURL('http://x.example/a', base), 'http://x.example/a');
  });
  it('refuses everything else', () => {
    for (const bad of ['javascript:alert(1)', 'data:text/html,x', '', null, 5, 'http://']) assert.equal(webURL(bad, base), '');
  });
});

describe('firstURI', () => {
  it('finds the media playlist, whatever the line ends', () => {
    const text = '#EXTM3U\r\n#EXT-X-STREAM-INF:BANDWIDTH=1\r\n01j/main/index.m3u8\r\n';
    assert.equal(firstURI(text, 'https://live.example/live/demo/index.m3u8'), 'https://live.example/live/demo/01j/main/index.m3u8');
  });
  it('finds none in something else', () => {
    assert.equal(firstURI('<html>', base), '');
    assert.equal(firstURI('#EXTM3U\n', base), '');
  });
});

describe('details', () => {
  it('asks for one revision', () => {
    const p = { id: 'a/b', rev: 5 };
    assert.equal(detailsURL('https://l.example', 'S', p), 'https://l.example/c/S/p/a%2Fb@5.json');
  });
  it('takes the picture from image, or the first of images', () => {
    assert.equal(parseDetails({ image: '/a.png', images: ['/b.png'] }, base).image, 'https://live.example/a.png');
    assert.equal(parseDetails({ images: ['/b.png'] }, base).image, 'https://live.example/b.png');
    assert.equal(parseDetails({ images: [{ url: 'https://x.example/c.png' }] }, base).image, 'https://x.example/c.png');
    assert.deepEqual(parseDetails('x', base), { title: '', titles: undefined, description: '', image: '', linked: false, choice: false, raw: 'x' });
    assert.equal(parseDetails({ image: 'javascript:1' }, base).image, '');
  });
  it('tells whether there is a way to the shop', () => {
    assert.equal(parseDetails({ go: '/go/S/a' }, base).linked, true);
    assert.deepEqual([{}, { variants: [{}] }, { variants: [{}, {}] }].map((j) => parseDetails(j, base).choice), [false, false, true]);
    assert.equal(parseDetails({ go: '' }, base).linked, false);
    assert.equal(parseDetails({}, base).linked, false);
  });
});
