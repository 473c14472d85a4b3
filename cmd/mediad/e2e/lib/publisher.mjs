// Real ffmpeg, pushing a clip that is encoded once.
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Encodes a clip of H.264 and AAC. A second stands in each picture as its
 * brightness, and B-frames, rate and key-frame distance are the caller's.
 */
export async function clip({ seconds = 60, fps = 30, gop = 2, bframes = 0, video = true, audio = true, size = '640x360', hertz = 48000, channels = 1 } = {}) {
  const dir = join(tmpdir(), 'mediad-e2e-clips');
  await mkdir(dir, { recursive: true });
  const name = `v2-${seconds}-${String(fps).replace('/', '_')}-${gop}-${bframes}-${video}-${audio}-${size}-${hertz}-${channels}.flv`;
  const file = join(dir, name);
  if (existsSync(file)) return file;
  const args = ['-v', 'error', '-y'];
  if (video) args.push('-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=${fps}`);
  if (audio) args.push('-f', 'lavfi', '-i', `sine=frequency=330:sample_rate=${hertz}`);
  if (video) {
    const rate = eval(String(fps)); // "30000/1001"
    args.push('-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-b:v', '600k',
      '-g', String(Math.round(rate * gop)), '-keyint_min', String(Math.round(rate * gop)),
      '-sc_threshold', '0', '-bf', String(bframes));
    if (bframes > 0) args.push('-x264-params', 'b-adapt=0');
  }
  if (audio) args.push('-c:a', 'aac', '-b:a', '64k', '-ac', String(channels));
  const part = `${file}.${process.pid}.part`;
  args.push('-t', String(seconds), '-f', 'flv', part);
  await run('ffmpeg', args);
  await rename(part, file);
  return file;
}

/**
 * Joins FLV files into one whose headers change on the way, as when an encoder's settings change while it streams:
 * ffmpeg sends each sequence header where it stands.
 */
export async function joined(name, ...files) {
  const out = [];
  let base = 0;
  for (const [n, file] of files.entries()) {
    const flv = await readFile(file);
    let end = 0;
    let at = flv.readUInt32BE(5) + 4; // behind the header and the size of no tag before
    if (n === 0) out.push(flv.subarray(0, at));
    while (at + 11 < flv.length) {
      const size = 11 + flv.readUIntBE(at + 1, 3) + 4;
      const tag = Buffer.from(flv.subarray(at, at + size));
      at += size;
      if (tag[0] === 18 && n > 0) continue; // onMetaData: once
      const ms = base + (tag.readUIntBE(4, 3) + tag[7] * 2 ** 24);
      tag.writeUIntBE(ms % 2 ** 24, 4, 3);
      tag[7] = Math.floor(ms / 2 ** 24);
      end = Math.max(end, ms);
      out.push(tag);
    }
    base = end + 33;
  }
  const file = join(tmpdir(), 'mediad-e2e-clips', `${name}-${process.pid}.flv`);
  await writeFile(file, Buffer.concat(out));
  return file;
}

/** Pushes a clip in real time, over and over. */
export function push(file, url, { loop = true, args = [] } = {}) {
  const p = spawn('ffmpeg', ['-v', 'warning', '-re', ...(loop ? ['-stream_loop', '-1'] : []),
    '-i', file, '-c', 'copy', ...args, '-f', 'flv', url], { stdio: ['pipe', 'ignore', 'pipe'] });
  const out = { process: p, stderr: '' };
  p.stderr.on('data', (d) => (out.stderr += d));
  out.exited = new Promise((ok) => p.once('close', (code) => ok(code))); // by now all that it said has come, too
  /** Ends as OBS does: FCUnpublish, deleteStream. */
  out.stop = async () => {
    if (p.exitCode === null && p.signalCode === null) {
      p.stdin.write('q');
      const timer = setTimeout(() => p.kill('SIGKILL'), 5000);
      await out.exited;
      clearTimeout(timer);
    }
  };
  /** Vanishes without a word. */
  out.kill = async () => {
    p.kill('SIGKILL');
    await out.exited;
  };
  return out;
}

/** Builds an encoder that sends several video tracks, from the tests of ingest/rtmp/push. */
export async function buildLadder() {
  const file = join(tmpdir(), `mediad-ladder-${process.pid}`);
  await run('go', ['test', '-c', '-o', file, './ingest/rtmp/push'], { cwd: resolve(fileURLToPath(new URL('.', import.meta.url)), '../../../..') });
  return file;
}

/** Sends clips as the video tracks of one publisher, in real time, once; the first with its sound. */
export function climb(program, files, url, key) {
  const p = spawn(program, files, { env: { ...process.env, MEDIAD_LADDER: url, MEDIAD_LADDER_KEY: key }, stdio: ['ignore', 'ignore', 'pipe'] });
  const out = { process: p, stderr: '' };
  p.stderr.on('data', (d) => (out.stderr += d));
  out.exited = new Promise((ok) => p.once('close', (code) => ok(code)));
  out.stop = async () => {
    p.kill('SIGTERM');
    await out.exited;
  };
  out.kill = async () => {
    p.kill('SIGKILL');
    await out.exited;
  };
  return out;
}
