// What comes out, under the eyes of ffprobe and ffmpeg, for sources of all kinds.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ends } from './lib/ending.mjs';
import { Mediad, binary, until } from './lib/mediad.mjs';
import { uris } from './lib/playlist.mjs';
import { clip, push } from './lib/publisher.mjs';

const run = promisify(execFile);
let m, dir;
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'mediad-stream-'));
  ends(() => rm(dir, { recursive: true, force: true }));
  m = ends(await Mediad.start());
});

const sources = [
  { name: '30 fps', fps: 30, gop: 2 },
  { name: '29.97 fps with B-frames', fps: '30000/1001', gop: 2, bframes: 2 },
  { name: '24 fps', fps: 24, gop: 1 },
  { name: 'audio alone', video: false },
  { name: 'video alone', audio: false, fps: 25, gop: 2 },
];

for (const source of sources) {
  test(source.name, async () => {
    const publisher = ends(push(await clip({ seconds: 20, ...source }), `${m.rtmp}/${m.key}`));
    const url = await m.mediaPlaylist();
    const cue = await m.api('POST', '/rooms/demo/cues', { kind: 'custom', data: { source: source.name } });
    assert.equal(cue.status, 201, JSON.stringify(cue.body));
    await until('six segments', async () => (await (await fetch(url)).text()).match(/#EXTINF/g)?.length >= 6, 30000, 500);
    await publisher.stop();
    const text = await until('the end', async () => {
      const t = await (await fetch(url)).text();
      return t.includes('#EXT-X-ENDLIST') ? t : null;
    });
    const bodies = [];
    for (const uri of uris(text)) {
      bodies.push(Buffer.from(await (await fetch(new URL(uri, url))).arrayBuffer()));
    }
    const file = join(dir, 'broadcast.ts');
    await writeFile(file, Buffer.concat(bodies));

    const { stdout } = await run('ffprobe', ['-v', 'error', '-show_streams', '-of', 'json', file]);
    const codecs = JSON.parse(stdout).streams.map((s) => s.codec_name).sort();
    const want = ['aac', 'timed_id3']; // who sends no sound is given silence
    if (source.video !== false) want.push('h264');
    assert.deepEqual(codecs, want.sort());
    const data = await run('ffprobe', ['-v', 'error', '-select_streams', 'd', '-show_packets', '-show_data', '-of', 'json', file]);
    assert.match(data.stdout, /mediad\.cue/);

    const decoded = await run('ffmpeg', ['-v', 'warning', '-xerror', '-err_detect', 'explode', '-i', file,
      '-map', '0:v?', '-map', '0:a?', '-enc_time_base', '-1', '-f', 'null', '-']); // the time base of the stream, not of a guessed rate
    // Cues one tick apart make ffmpeg remark on the ID3 stream while it guesses frame rates.
    const said = decoded.stderr.split('\n').filter((l) => l && !/DTS discontinuity in stream \d+: packet/.test(l));
    assert.deepEqual(said, []);

    const inspected = await run(binary, ['inspect', file]);
    assert.match(inspected.stdout, /no rule is broken/i);
  });
}
