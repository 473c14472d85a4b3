// Bad input gives one clear line, never a stack trace.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ends } from './lib/ending.mjs';
import { Mediad, binary, freePort, until, environment } from './lib/mediad.mjs';
import { clip, push } from './lib/publisher.mjs';

let m, dir;
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'mediad-refusals-'));
  ends(() => rm(dir, { recursive: true, force: true }));
  m = ends(await Mediad.start());
});

/** Runs the server with a configuration that cannot work. */
async function start(config, env = {}) {
  const file = join(dir, 'config.yaml');
  await writeFile(file, typeof config === 'string' ? config : JSON.stringify(config));
  return new Promise((ok) => {
    execFile(binary, ['serve', '--config', file], { timeout: 60000, env: { ...environment, ...env } }, (err, stdout, stderr) =>
      ok({ code: err?.code ?? 0, stderr }));
  });
}

async function fails(config, pattern, code = 1, env = {}) {
  const got = await start(config, env);
  assert.equal(got.code, code, got.stderr);
  const lines = got.stderr.trim().split('\n');
  assert.match(lines.at(-1), pattern);
  assert.doesNotMatch(got.stderr, /goroutine|panic/);
  assert.equal(lines.filter((l) => l.startsWith('mediad:')).length, 1, got.stderr);
}

const base = async () => ({
  data_dir: join(dir, 'data'),
  rtmp: { listen: `127.0.0.1:${await freePort()}` },
  http: { listen: `127.0.0.1:${await freePort()}` },
});

test('an unknown key', async () => fails('hls: {prat: 1s}\n', /prat/, 2));
test('no YAML at all', async () => fails(': :\n\t{', /config/, 2));
test('a busy port', async () => {
  const server = createServer();
  await new Promise((ok) => server.listen(0, '127.0.0.1', ok));
  try {
    await fails({ ...(await base()), http: { listen: `127.0.0.1:${server.address().port}` } }, /http\.listen: port \d+ is taken, by .+ \(process \d+\): stop that, or set http\.listen/);
  } finally {
    server.close();
  }
});
test('an unwritable data directory', async () => {
  const file = join(dir, 'a-file');
  await writeFile(file, '');
  await fails({ ...(await base()), data_dir: join(file, 'data') }, /data/);
});
test('an unreachable bucket', async () => fails({
  ...(await base()),
  storage: { kind: 's3', s3: { endpoint: `http://127.0.0.1:${await freePort()}`, region: 'us-east-1', bucket: 'b', path_style: true } },
}, /storage.*127\.0\.0\.1/, 1, { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'a-secret-value' }));

test('a wrong stream key', async () => {
  const wrong = ends(push(await clip({ seconds: 20, fps: 30, gop: 2 }), `${m.rtmp}/wrong-key-000`, { loop: false }));
  assert.notEqual(await wrong.exited, 0);
  assert.match(wrong.stderr, /stream key|BadName|Operation not permitted|Server error/i);
  assert.equal((await fetch(`${m.http}/live/demo/index.m3u8`)).status, 404);
  assert.doesNotMatch(m.log, /wrong-key-000/);
});

test('a codec that is not supported', async () => {
  const p = ends(push(await clip({ seconds: 20, fps: 30, gop: 2 }), `${m.rtmp}/${m.key}`, { loop: false, args: ['-c:a', 'libmp3lame', '-ar', '44100'] }));
  assert.notEqual(await p.exited, 0);
  await until('the log says so', () => /mp3/i.test(m.log));
});

test('garbage on the RTMP port harms no broadcast', async () => {
  for (let i = 0; i < 50; i++) {
    await new Promise((ok) => {
      const c = connect(m.rtmpPort, '127.0.0.1', () => {
        c.write(i % 2 ? Buffer.concat([Buffer.from([3]), randomBytes(3072 + i * 37)]) : randomBytes(200));
        setTimeout(() => c.destroy(), 20);
      });
      c.on('error', () => {});
      c.on('close', ok);
    });
  }
  assert.equal((await fetch(`${m.http}/healthz`)).status, 200);
  assert.doesNotMatch(m.log, /"level":"ERROR"|goroutine/);
});

test('no secret is in the log', () => {
  for (const secret of [m.key, m.token]) assert.ok(!m.log.replace(/stream key.*|admin token.*/g, '').includes(secret));
});

test('the API refuses in words', async () => {
  const no = await fetch(`${m.http}/api/v1/products`, { method: 'POST', body: '{}' });
  assert.equal(no.status, 401);
  assert.match(no.headers.get('content-type'), /application\/problem\+json/);
  assert.equal((await m.api('POST', '/products', { sku: 'x' })).status, 422);
  assert.equal((await m.api('POST', '/rooms/nowhere/pins', { product: 'x' })).status, 404);
  assert.equal((await fetch(`${m.http}/watch/nowhere`)).status, 404);
});

test('a refused stream does not put the room on air', async () => {
  await until('the room is off air', async () => (await m.api('GET', '/rooms/demo')).body.live === false);
});
