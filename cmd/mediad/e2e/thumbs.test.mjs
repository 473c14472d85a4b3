// Posters and seek thumbnails by a real ffmpeg: live, after the end, without
// it, and with one that is broken.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Mediad, sleep, until } from './lib/mediad.mjs';
import { lengthOf } from './lib/playlist.mjs';
import { clip, push } from './lib/publisher.mjs';

const run = promisify(execFile);

/** What ffprobe says of a picture. */
async function probe(bytes) {
  const dir = await mkdtemp(join(tmpdir(), 'mediad-picture-'));
  try {
    await writeFile(join(dir, 'x.jpg'), bytes);
    const { stdout } = await run('ffprobe', ['-v', 'error', '-show_entries', 'stream=codec_name,width,height', '-of', 'json', join(dir, 'x.jpg')]);
    return JSON.parse(stdout).streams[0];
  } finally {
    await rm(dir, { recursive: true });
  }
}

async function fetched(url) {
  const r = await fetch(url);
  return { status: r.status, headers: r.headers, body: Buffer.from(await r.arrayBuffer()) };
}

const seconds = (t) => t.split(':').reduce((a, b) => a * 60 + Number(b), 0);

/** The cues of a thumbnails track. */
function cuesOf(text) {
  return [...text.matchAll(/^(\S+) --> (\S+)\n(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)$/gm)].map(([, from, to, image, x, y, w, h]) =>
    ({ from: seconds(from), to: seconds(to), image, x: +x, y: +y, w: +w, h: +h }));
}

async function ended(m, publisher) {
  await publisher.stop();
  await until('the broadcast is over', async () => (await m.api('GET', '/rooms/demo')).body.live === false);
}

async function replayOf(m) {
  const { replay } = await until('there is a replay', async () => {
    const room = await (await fetch(`${m.http}/c/room/demo.json`)).json();
    return room.replay && room;
  });
  const url = m.http + replay;
  const list = await until('the replay is stored', async () => {
    const r = await fetch(url);
    return r.ok && r.text();
  });
  return { url, list, track: url.replace('index.m3u8', 'thumbs.vtt') };
}

test('a room has a poster, and its replay seek thumbnails', async () => {
  const m = await Mediad.start({ config: { thumbnails: 'on' } });
  const file = await clip({ seconds: 60, fps: 30, gop: 2, size: '640x360' });
  let publisher;
  try {
    const early = await fetched(`${m.http}/live/demo/poster.jpg`);
    assert.equal(early.status, 404);
    assert.equal(early.headers.get('cache-control'), 'max-age=1');
    assert.ok(!(await (await fetch(`${m.http}/watch/demo`)).text()).includes('og:image'));

    publisher = push(file, `${m.rtmp}/${m.key}`);
    const poster = await until('there is a poster', async () => {
      const r = await fetched(`${m.http}/live/demo/poster.jpg`);
      return r.status === 200 && r;
    }, 30000);
    assert.deepEqual(await probe(poster.body), { codec_name: 'mjpeg', width: 640, height: 360 });
    assert.equal(poster.headers.get('content-type'), 'image/jpeg');
    assert.equal(poster.headers.get('cache-control'), 'max-age=10');
    // Every ten seconds there is another one.
    await until('it is not sent again', async () => {
      const { headers } = await fetched(`${m.http}/live/demo/poster.jpg`);
      return (await fetch(`${m.http}/live/demo/poster.jpg`, { headers: { 'if-none-match': headers.get('etag') } })).status === 304;
    });
    const page = await (await fetch(`${m.http}/watch/demo`)).text();
    const shown = page.match(/property="og:image" content="([^"]+)"/)?.[1] ?? '';
    assert.match(shown, new RegExp(`^${m.http}/live/demo/card\\.jpg\\?v=[0-9a-f]{8}$`));
    assert.deepEqual(await probe((await fetched(shown)).body), { codec_name: 'mjpeg', width: 1200, height: 630 });

    await ended(m, publisher);
    const first = await replayOf(m);
    await until('the first broadcast has thumbnails', async () => (await fetch(first.track)).ok, 60000);
    // A second broadcast of the same show: its thumbnails come behind.
    publisher = push(file, `${m.rtmp}/${m.key}`);
    await m.mediaPlaylist();
    await sleep(3);
    await ended(m, publisher);
    const { list, track } = await until('both are in the replay', async () => {
      const r = await replayOf(m);
      return r.list.includes('#EXT-X-DISCONTINUITY') && r;
    }, 30000);
    const total = lengthOf(list);
    const text = await until('the thumbnails are made', async () => {
      const t = await (await fetch(track)).text();
      return new Set(cuesOf(t).map((c) => c.image)).size === 2 && t;
    }, 60000);
    const cues = cuesOf(text);
    assert.ok(text.startsWith('WEBVTT\n'), text);
    assert.equal(cues[0].from, 0);
    for (let i = 1; i < cues.length; i++) assert.ok(Math.abs(cues[i].from - cues[i - 1].to) < 0.05, text);
    assert.ok(Math.abs(cues.at(-1).to - total) < 0.1, `${cues.at(-1).to} of ${total}`);
    for (const image of new Set(cues.map((c) => c.image))) {
      const sprite = await fetched(new URL(image, track));
      assert.equal(sprite.status, 200);
      assert.equal(sprite.headers.get('content-type'), 'image/jpeg');
      assert.match(sprite.headers.get('cache-control'), /immutable/);
      const { codec_name, width, height } = await probe(sprite.body);
      assert.equal(codec_name, 'mjpeg');
      for (const c of cues.filter((x) => x.image === image)) {
        assert.deepEqual([c.w, c.h], [160, 90]);
        assert.ok(c.x + c.w <= width && c.y + c.h <= height, `${JSON.stringify(c)} in ${width}×${height}`);
      }
      // The replay has a poster of its own, which outlives the process.
      const stored = await fetched(new URL(image.replace('thumbs.jpg', 'poster.jpg'), track));
      assert.deepEqual(await probe(stored.body), { codec_name: 'mjpeg', width: 640, height: 360 });
    }
    for (const file of ['card.jpg', 'moments/0.jpg', 'moments/4.jpg']) {
      const picture = await fetched(new URL(file, track));
      assert.equal(picture.headers.get('cache-control'), 'max-age=600', file);
      assert.deepEqual(await probe(picture.body), { codec_name: 'mjpeg', width: 1200, height: 630 }, file);
    }
    const objects = join(m.dir, 'data', 'objects', 'live', 'demo');
    const [epoch] = (await readdir(objects)).filter((n) => !n.includes('.')).sort();
    await m.signal('SIGKILL');
    // Thumbnails that a crash prevented are made at the next start.
    await rm(join(objects, epoch, 'thumbs.vtt'));
    await m.launch();
    await until('the missing thumbnails are made', async () => {
      const t = await (await fetch(track)).text();
      return new Set(cuesOf(t).map((c) => c.image)).size === 2;
    }, 30000);
    assert.equal((await fetch(`${m.http}/live/demo/poster.jpg`)).status, 200);
  } finally {
    await publisher?.stop();
    await m.stop();
  }
});

test('with thumbnails off there are none, and nothing else is missing', async () => {
  const m = await Mediad.start({ config: { thumbnails: 'off' } });
  const publisher = push(await clip({ seconds: 60, fps: 30, gop: 2 }), `${m.rtmp}/${m.key}`);
  try {
    await m.mediaPlaylist();
    await sleep(6);
    assert.equal((await fetch(`${m.http}/live/demo/poster.jpg`)).status, 404);
    assert.ok(!(await (await fetch(`${m.http}/watch/demo`)).text()).includes('og:image'));
    await ended(m, publisher);
    const { track } = await replayOf(m);
    await sleep(3);
    assert.equal((await fetch(track)).status, 404);
    const epoch = (await readdir(join(m.dir, 'data', 'objects', 'live', 'demo'))).find((n) => !n.includes('.'));
    assert.deepEqual((await readdir(join(m.dir, 'data', 'objects', 'live', 'demo', epoch))).sort(), ['main', 'vod.m3u8']);
  } finally {
    await publisher.stop();
    await m.stop();
  }
});

const endless = `sleep 6${process.pid}`; // no other run on this machine waits for as long
for (const [how, script] of [['fails', 'echo broken >&2; exit 7'], ['hangs', endless]]) {
  test(`with an ffmpeg that ${how} the show goes on`, async () => {
    const dir = await mkdtemp(join(tmpdir(), 'mediad-broken-'));
    const broken = join(dir, 'ffmpeg');
    await writeFile(broken, `#!/bin/sh\n${script}\n`);
    await chmod(broken, 0o755);
    const m = await Mediad.start({ config: { thumbnails: 'on', ffmpeg: broken } });
    const publisher = push(await clip({ seconds: 60, fps: 30, gop: 2 }), `${m.rtmp}/${m.key}`);
    try {
      const list = await m.mediaPlaylist();
      await until('the failure is told', () => m.log.includes('no poster could be made'), 30000);
      const last = async () => Number([...(await (await fetch(list)).text()).matchAll(/^(\d+)\.ts$/gm)].at(-1)?.[1]);
      const before = await last();
      await until('segments come', async () => (await last()) >= before + 2, 15000);
      assert.equal((await fetch(`${m.http}/live/demo/poster.jpg`)).status, 404);
      await ended(m, publisher);
      const { track } = await replayOf(m);
      await until('the thumbnails are given up', () => m.log.includes('gets no thumbnails'), 90000);
      assert.equal((await fetch(track)).status, 404);
      assert.equal(m.log.split('no poster could be made').length, 2);
      // Nothing is left behind of what was started.
      let there;
      await until(() => `nothing runs any more: ${there}`, async () => {
        there = (await run('ps', ['-eo', 'args'])).stdout;
        return !there.includes(broken) && !there.includes(endless);
      });
    } finally {
      await publisher.stop();
      await m.stop();
      await rm(dir, { recursive: true });
    }
  });
}

test('a configuration that asks for a missing ffmpeg is refused', async () => {
  await assert.rejects(Mediad.start({ config: { ffmpeg: '/nowhere/ffmpeg' } }), /ffmpeg: .*nowhere/);
  await assert.rejects(Mediad.start({ config: { thumbnails: 'on' }, env: { PATH: '/nowhere' } }), /thumbnails is on, but there is no ffmpeg/);
});
