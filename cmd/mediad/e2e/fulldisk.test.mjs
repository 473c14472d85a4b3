// The disk of the database is full: who is on air stays on air, hosts hear why
// nothing is saved, and all works again by itself.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Mediad, until } from './lib/mediad.mjs';
import { clip, push } from './lib/publisher.mjs';

let m, publisher;
before(async () => {
  m = await Mediad.start({
    // A small file system of its own, in a mount name space of its own.
    within: (data) => ['unshare', '-rm', 'sh', '-c', 'mkdir -p "$0" && mount -t tmpfs -o size=24m tmpfs "$0" && exec "$@"', data],
    config: { storage: { kind: 'none' } },
  });
});
after(async () => {
  await publisher?.stop();
  await m?.stop();
});

const filler = () => join('/proc', String(m.process.pid), 'root', m.dir, 'data', 'filler');

/** Takes what space is left. */
async function fill() {
  for (let size = 4 << 20, n = 0; size >= 512; ) {
    await writeFile(filler(), Buffer.alloc(size), { flag: 'a' }).catch((err) => {
      assert.equal(err.code, 'ENOSPC');
      size >>= 1;
    });
    assert.ok(++n < 1000, 'the disk is never full');
  }
}

test('a broadcast goes on over a full disk, and actions after it', async () => {
  publisher = push(await clip({ seconds: 120, fps: 30, gop: 2 }), `${m.rtmp}/${m.key}`);
  const url = await m.mediaPlaylist();
  const cue = () => m.api('POST', '/rooms/demo/cues', { kind: 'custom', data: { n: 1 } });
  assert.equal((await cue()).status, 201);

  const edge = async () => {
    const text = await (await fetch(url)).text();
    return Number(/MEDIA-SEQUENCE:(\d+)/.exec(text)[1]) + text.split('#EXTINF').length;
  };
  for (let round = 0; round < 2; round++) {
    await fill();
    const refused = await until('an action is refused', async () => {
      const r = await cue();
      return r.status === 201 ? null : r;
    });
    assert.equal(refused.status, 503);
    assert.match(refused.body.detail, /disk is full/);
    assert.equal((await m.api('GET', '/rooms/demo')).status, 200, 'reading goes on');
    const before = await edge();
    await until('four more segments', async () => (await edge()) >= before + 4, 30000);
    assert.equal((await cue()).status, 503);

    await rm(filler());
    const again = await until('an action is carried out', async () => {
      const r = await cue();
      return r.status === 201 ? r : null;
    });
    assert.ok(again.body.landed, 'the cue is in the stream');
  }
  assert.equal(await m.mediaPlaylist(), url);
});

test('a broadcast that ends on a full disk is not taken up again', async () => {
  const url = await m.mediaPlaylist();
  await fill();
  await until('an action is refused', async () =>
    (await m.api('POST', '/rooms/demo/cues', { kind: 'custom', data: { n: 2 } })).status === 503);
  await publisher.stop();
  await until('ENDLIST', async () => /#EXT-X-ENDLIST/.test(await (await fetch(url)).text()));
  const last = Number(/MEDIA-SEQUENCE:(\d+)/.exec(await (await fetch(url)).text())[1]);
  const { body: room } = await m.api('GET', '/rooms/demo');
  assert.equal(room.live, false);
  await until('the log tells', () => m.log.includes('the end of a broadcast cannot be noted yet'));
  await rm(filler());
  publisher = push(await clip({ seconds: 120, fps: 30, gop: 2 }), `${m.rtmp}/${m.key}`);
  const next = await m.mediaPlaylist();
  assert.notEqual(next, url);
  const first = Number(/MEDIA-SEQUENCE:(\d+)/.exec(await (await fetch(next)).text())[1]);
  assert.ok(first > last, `numbers went back from ${last} to ${first}`);
});
