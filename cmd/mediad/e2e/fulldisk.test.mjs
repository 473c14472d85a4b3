// The disk of the database is full: broadcasts stay on air, hosts are told why
// nothing is saved, and everything works again by itself.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endAll, ends } from './lib/ending.mjs';
import { Mediad, says, until } from './lib/mediad.mjs';
import { get, number } from './lib/playlist.mjs';
import { clip, push } from './lib/publisher.mjs';

/** A small file system of its own, in a mount name space that outlives the server's process. */
class Disk {
  static async mount(size) {
    const d = new Disk();
    d.dir = await mkdtemp(join(tmpdir(), 'mediad-disk-'));
    d.holder = spawn('unshare', ['-rm', 'sh', '-c', `mount -t tmpfs -o size=${size} tmpfs "$0" && echo && exec sleep infinity`, d.dir]);
    await once(d.holder.stdout, 'data');
    d.filler = join('/proc', String(d.holder.pid), 'root', d.dir, 'filler');
    return d;
  }

  /** What a server is started by to see it. */
  within() {
    return ['nsenter', '--preserve-credentials', '--user', '--mount', '--target', String(this.holder.pid)];
  }

  /** Takes what space is left. */
  async fill() {
    for (let size = 4 << 20, n = 0; size >= 512; ) {
      await writeFile(this.filler, Buffer.alloc(size), { flag: 'a' }).catch((err) => {
        assert.equal(err.code, 'ENOSPC');
        size >>= 1;
      });
      assert.ok(++n < 1000, 'the disk is never full');
    }
  }

  free() {
    return rm(this.filler);
  }

  async unmount() {
    const gone = once(this.holder, 'exit');
    this.holder.kill();
    await gone;
    await rm(this.dir, { recursive: true });
  }
}

let disk, m, publisher;

/** A server whose data is on a small disk of its own. */
async function start(size, storage) {
  disk = ends(await Disk.mount(size), 'unmount');
  m = ends(await Mediad.start({ within: () => disk.within(), config: { data_dir: disk.dir, storage } }));
}
before(() => start('24m', { kind: 'none' }));

const cue = () => m.api('POST', '/rooms/demo/cues', { kind: 'custom', data: { n: 1 } });
const refused = () => until('an action is refused', async () => {
  const r = await cue();
  return r.status === 201 ? null : r;
});

test('a broadcast goes on over a full disk, and actions after it', async () => {
  publisher = ends(push(await clip({ seconds: 120, fps: 30, gop: 2 }), `${m.rtmp}/${m.key}`));
  const url = await m.mediaPlaylist();
  assert.equal((await cue()).status, 201);

  const edge = async () => {
    const text = await (await fetch(url)).text();
    return number(text, 'MEDIA-SEQUENCE') + text.split('#EXTINF').length;
  };
  for (let round = 0; round < 2; round++) {
    await disk.fill();
    const answer = await refused();
    assert.equal(answer.status, 503);
    assert.match(answer.body.detail, /disk is full/);
    assert.equal((await m.api('GET', '/rooms/demo')).status, 200, 'reading goes on');
    const before = await edge();
    await until('four more segments', async () => (await edge()) >= before + 4, 30000);
    assert.equal((await cue()).status, 503);

    await disk.free();
    const again = await until('an action is carried out', async () => {
      const r = await cue();
      return r.status === 201 ? r : null;
    });
    // The answer waits for the picture for a short time only: a busy machine may take longer.
    await until('the cue is in the stream', async () => again.body.landed ?? (await m.api('GET', `/rooms/demo/cues/${again.body.id}`)).body.landed);
  }
  assert.equal(await m.mediaPlaylist(), url);
});

test('a broadcast that ends on a full disk is not taken up again', async () => {
  const url = await m.mediaPlaylist();
  await disk.fill();
  await refused();
  await publisher.stop();
  await until('ENDLIST', async () => /#EXT-X-ENDLIST/.test(await (await fetch(url)).text()));
  const last = number(await get(url), 'MEDIA-SEQUENCE');
  await until('the room is not live', async () => (await m.api('GET', '/rooms/demo')).body.live === false);
  await m.offAir();
  await until('the log tells', () => m.log.includes('the end of a broadcast cannot be recorded yet'));
  await disk.free();
  publisher = ends(push(await clip({ seconds: 120, fps: 30, gop: 2 }), `${m.rtmp}/${m.key}`));
  const next = await m.mediaPlaylist();
  assert.notEqual(next, url);
  const first = number(await get(next), 'MEDIA-SEQUENCE');
  assert.ok(first > last, `numbers went back from ${last} to ${first}`);
});

test('a server that is killed on a full disk starts on it, and its room goes on when there is space', async () => {
  await endAll();
  await start('48m', { kind: 'dir' });
  const file = await clip({ seconds: 120, fps: 30, gop: 2 });
  publisher = ends(push(file, `${m.rtmp}/${m.key}`));
  const url = await m.mediaPlaylist();
  assert.equal((await cue()).status, 201);
  const stored = async () => Number(/^mediad_storage_stored_segments_total (\d+)/m.exec(await m.metrics())[1]);
  await until('segments are stored', async () => (await stored()) > 1, 30000);
  await disk.fill();
  await refused();
  await m.signal('SIGKILL');
  await publisher.exited;
  await disk.fill(); // what half-written files held
  m.log = '';
  await m.launch();
  for (const said of [/the object store cannot be used/, /broadcast cannot be resumed yet/, /stream key {2}not shown here/]) await says(() => m.log, said);
  assert.equal((await m.api('GET', '/rooms/demo')).body.live, false);
  publisher = ends(push(file, `${m.rtmp}/${m.key}`));
  await publisher.exited;
  assert.match(publisher.stderr, /disk is full/, 'the host is told why');

  await disk.free();
  await until('the room waits for its publisher', () => m.log.includes('waiting for a publisher to come back'), 30000);
  publisher = ends(push(file, `${m.rtmp}/${m.key}`));
  assert.equal(await m.mediaPlaylist(), url);
  await until('the store is looked at again', () => m.log.includes('the object store can be used now'), 60000);
  await until('segments are stored', async () => (await stored()) > 1, 30000);
  assert.equal((await cue()).status, 201);
});
