// LL-HLS that mediad did not make: ffmpeg cuts a clip into MPEG-TS parts of half a second, and these lines list them in real time. What a
// player does wrong with them is no fault of mediad's packager.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sleep } from './mediad.mjs';

const inSegment = 4; // parts

/** Serves a clip whose key frames come every so many seconds, whole parts; give it at least 40 s. Its first timestamp is `begins` seconds. */
export async function serveForeign(clip, gop, begins) {
  const dir = await mkdtemp(join(tmpdir(), 'mediad-foreign-'));
  // Each picture has its parameter sets in front, so that a decoder can begin in any part.
  await promisify(execFile)('ffmpeg', ['-v', 'error', '-i', clip, '-c', 'copy', '-bsf:v', 'h264_mp4toannexb,dump_extra=freq=all', '-f', 'segment',
    '-segment_time', '0.5', '-segment_time_delta', '0.01', '-break_non_keyframes', '1', '-segment_format', 'mpegts', '-segment_format_options', `output_ts_offset=${begins}`, join(dir, 'p%d.ts')]);
  const began = Date.now() - 8000; // there is something to see at once
  const made = () => Math.floor((Date.now() - began) / 500);
  const until = async (n) => { while (made() <= n) await sleep(0.01); };
  const part = (n) => readFile(join(dir, `p${n}.ts`));
  const list = () => {
    const n = made();
    const lines = ['#EXTM3U', '#EXT-X-VERSION:6', '#EXT-X-TARGETDURATION:2', '#EXT-X-PART-INF:PART-TARGET=0.5',
      '#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.6', '#EXT-X-MEDIA-SEQUENCE:1'];
    for (let p = 0; p < n; p++) {
      if (n - p <= 3 * inSegment) lines.push(`#EXT-X-PART:DURATION=0.5${p % (2 * gop) ? '' : ',INDEPENDENT=YES'},URI="p${p}.ts"`);
      if ((p + 1) % inSegment === 0) lines.push('#EXTINF:2.0,', `s${Math.floor(p / inSegment)}.ts`);
    }
    return [...lines, `#EXT-X-PRELOAD-HINT:TYPE=PART,URI="p${n}.ts"`, ''].join('\n');
  };
  const answer = async ({ pathname, searchParams: asked }) => {
    const [, kind, n] = /^\/([ps])(\d+)\.ts$/.exec(pathname) ?? [];
    if (kind === 'p') return until(Number(n)).then(() => part(n));
    if (kind === 's') return Buffer.concat(await Promise.all(Array.from({ length: inSegment }, (_, i) => part(n * inSegment + i))));
    if (asked.has('_HLS_msn')) await until((asked.get('_HLS_msn') - 1) * inSegment + Number(asked.get('_HLS_part') ?? inSegment - 1));
    return list();
  };
  const server = createServer(async (req, res) => {
    const body = await answer(new URL(req.url, 'http://x')).catch(() => null);
    const type = typeof body === 'string' ? 'application/vnd.apple.mpegurl' : 'video/mp2t';
    res.writeHead(body ? 200 : 404, { 'access-control-allow-origin': '*', 'cache-control': 'no-store', 'content-type': type }).end(body);
  });
  await new Promise((ok) => server.listen(0, '127.0.0.1', ok));
  return {
    url: `http://127.0.0.1:${server.address().port}/index.m3u8`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((ok) => server.close(ok));
      await rm(dir, { recursive: true, force: true });
    },
  };
}
