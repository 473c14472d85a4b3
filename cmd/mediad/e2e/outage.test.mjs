// The object store is away while the server is killed, started, stopped and started: nothing is lost.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ends } from './lib/ending.mjs';
import { Mediad, sleep, until } from './lib/mediad.mjs';
import { clip, push } from './lib/publisher.mjs';
import { startS3 } from './lib/s3.mjs';

let m, s3, publisher;
before(async () => {
  s3 = ends(await startS3());
  m = ends(await Mediad.start({
    env: s3.credentials,
    config: { storage: { kind: 's3', s3: { endpoint: s3.endpoint, bucket: s3.bucket, path_style: true } }, hls: { segment: '1s', window: '6s', dvr: '6s' } },
  }));
});

test('an outage over a crash and a restart', async () => {
  const file = await clip({ seconds: 60, fps: 30, gop: 1 });
  publisher = ends(push(file, `${m.rtmp}/${m.key}`));
  const url = await m.mediaPlaylist();
  const epoch = url.split('/').at(-3);
  const seen = new Map(); // segments that were listed and are no gap, by name
  let watching = true;
  const watcher = (async () => {
    while (watching) {
      const text = await fetch(url).then((r) => (r.ok ? r.text() : ''), () => '');
      const lines = text.split('\n');
      for (const [i, line] of lines.entries()) {
        if (!/^\d+\.ts$/.test(line) || seen.has(line)) continue;
        let head = i;
        while (head > 0 && (lines[head - 1].startsWith('#') || !lines[head - 1])) head--;
        if (lines.slice(head, i).includes('#EXT-X-GAP')) continue;
        const r = await fetch(new URL(line, url)).catch(() => null);
        if (r?.ok) seen.set(line, Buffer.from(await r.arrayBuffer().catch(() => [])));
      }
      await sleep(0.1);
    }
  })();
  await until('segments are listed', () => seen.size >= 3);

  await s3.halt();
  const more = async (n) => {
    const want = seen.size + n;
    await until(`${n} more segments`, () => seen.size >= want, 30000);
  };
  await more(8); // the first of them leave the window
  await m.signal('SIGKILL');
  await publisher.exited;
  await m.launch(); // the bucket does not answer
  publisher = ends(push(file, `${m.rtmp}/${m.key}`));
  assert.equal(await m.mediaPlaylist(), url);
  await more(4);
  const { code } = await m.signal('SIGTERM'); // waits for the store in vain
  assert.equal(code, 0, m.log);
  await publisher.exited;
  await m.launch();
  publisher = ends(push(file, `${m.rtmp}/${m.key}`));
  await more(3);
  const metrics = await m.metrics();
  assert.match(metrics, /mediad_storage_spooled_bytes [1-9]/);
  await s3.start();
  await more(2);
  watching = false;
  await watcher;
  await publisher.stop();

  const dir = join(s3.dir, 'live', 'demo', epoch);
  const replay = await until('the replay', () => readFile(join(dir, 'vod.m3u8'), 'utf8').catch(() => null), 60000);
  const names = new Set(replay.split('\n').filter((l) => l.endsWith('.ts')).map((l) => l.split('/').at(-1)));
  if (/EXT-X-GAP/.test(replay)) console.log(m.log.split('\n').filter((l) => /archive|given up|spool|storing|segment/i.test(l)).join('\n'));
  assert.doesNotMatch(replay, /EXT-X-GAP/);
  // The slate is stored like all other media, and only left out of the replay.
  const journal = (await readFile(join(m.dir, 'data/spool/demo', `${epoch}.journal`), 'utf8')).trim().split('\n').map((l) => JSON.parse(l).segment);
  const standIns = new Set(journal.filter((s) => s?.stand_in).map((s) => `${s.msn}.ts`));
  assert.ok(standIns.size > 0, 'nothing stood in');
  for (const [name, body] of seen) {
    assert.ok(names.has(name) !== standIns.has(name), `${name} is missing from the replay, or stood in`);
    assert.ok(body.equals(await readFile(join(dir, 'main', name))), `${name} has other bytes in the store`);
  }
});
