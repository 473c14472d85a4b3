import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { livePlaylist, playbackAddress, recordingPlaylist, shopLink, showOf, signedLike, unsigned } from '../../src/shared/addresses.ts';

describe('addresses of the server', () => {
  const origin = 'https://l.example/shop';
  it('lie below its own, with names that need care', () => {
    assert.equal(livePlaylist(origin, 'tea'), 'https://l.example/shop/live/tea/index.m3u8');
    assert.equal(recordingPlaylist(origin, '01J'), 'https://l.example/shop/vod/01J/index.m3u8');
    assert.equal(playbackAddress(origin, 'tea'), 'https://l.example/shop/watch/tea/playback.json');
    assert.match(shopLink(origin, 'S', 'a/b'), /^https:\/\/l\.example\/shop\/go\/S\/a%2Fb\?viewer=[0-9a-f]{16}$/);
    assert.equal(shopLink(origin, 'S', 'a'), shopLink(origin, 'S', 'a'), 'a page has one number');
  });
  it('of a recording name its show, also where they are signed', () => {
    assert.equal(showOf(recordingPlaylist(origin, '01J')), '01J');
    assert.equal(showOf('https://l.example/vod/~18.ab.cd/01J/index.m3u8'), '01J');
    assert.equal(showOf(livePlaylist(origin, 'vod')), '');
    assert.equal(showOf(''), '');
  });
});

describe('signed addresses', () => {
  const live = 'https://live.example/live/~18.ab.cd/demo/index.m3u8';
  it('are known again by what they lead to', () => {
    assert.equal(unsigned(live), 'https://live.example/live/demo/index.m3u8');
    assert.equal(unsigned('https://live.example/live/demo/index.m3u8'), 'https://live.example/live/demo/index.m3u8');
    assert.equal(unsigned(''), '');
  });
  it('lend their signature to the replay and the rewind', () => {
    const replay = 'https://live.example/vod/01J/index.m3u8';
    assert.equal(signedLike(replay, live), 'https://live.example/vod/~18.ab.cd/01J/index.m3u8');
    assert.equal(signedLike(replay, unsigned(live)), replay);
    assert.equal(signedLike(signedLike(replay, live), live), signedLike(replay, live));
    assert.equal(signedLike('', live), '');
    assert.equal(signedLike('https://live.example/live/demo/dvr/index.m3u8', live), 'https://live.example/live/~18.ab.cd/demo/dvr/index.m3u8');
  });
});
