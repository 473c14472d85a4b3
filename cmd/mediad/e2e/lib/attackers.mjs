// Hostile peers: those of RTMP are the Go test's own, those of HTTP are here.
import { execFile, spawn } from 'node:child_process';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = resolve(fileURLToPath(new URL('.', import.meta.url)), '../../../..');

/** Builds the program of RTMP attackers from the tests of ingest/rtmp. */
export async function buildAttackers() {
  const file = join(tmpdir(), `mediad-attackers-${process.pid}`);
  await promisify(execFile)('go', ['test', '-c', '-o', file, './ingest/rtmp'], { cwd: root });
  return file;
}

/**
 * Attacks an RTMP port. Attackers live elsewhere; here they share the machine,
 * so they go behind everybody else.
 */
export function attackRTMP(program, port, total, atOnce) {
  const p = spawn('nice', ['-n', '10', program], {
    env: { ...process.env, MEDIAD_ATTACK: `127.0.0.1:${port}`, MEDIAD_ATTACK_TOTAL: String(total), MEDIAD_ATTACK_AT_ONCE: String(atOnce) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  p.stdout.on('data', (d) => (out += d));
  p.stderr.on('data', (d) => (err += d));
  const toll = new Promise((ok, fail) => p.once('close', (code) => (code === 0 ? ok(JSON.parse(out)) : fail(new Error(err || `exit ${code}`)))));
  return { toll, stop: () => p.kill('SIGKILL') };
}

/**
 * Strangers who take places on an RTMP port, say nothing and come back whenever they are closed, from so many addresses,
 * until they are stopped.
 */
export function squat(port, total, addresses) {
  let stopped = false;
  const open = new Set();
  const sit = (localAddress) => {
    if (stopped) return;
    const c = connect({ port, host: '127.0.0.1', localAddress });
    open.add(c);
    c.on('error', () => {});
    c.on('data', () => {});
    c.on('close', () => {
      open.delete(c);
      setTimeout(sit, 250, localAddress);
    });
  };
  for (let i = 0; i < total; i++) sit(`127.0.3.${1 + (i % addresses)}`);
  return () => {
    stopped = true;
    for (const c of open) c.destroy();
  };
}

/** Sends bytes and gives the answer's status, its number of bytes, and how long it took; status 0: none. */
export function say(port, text, { limit = 20000 } = {}) {
  return new Promise((ok) => {
    const begun = Date.now();
    let head = '';
    let bytes = 0;
    let late = false;
    const c = connect(port, '127.0.0.1', () => c.write(text));
    const timer = setTimeout(() => { late = true; c.destroy(); }, limit);
    c.on('data', (d) => {
      bytes += d.length;
      if (head.length < 64) head += d.toString('latin1');
    });
    c.on('error', () => {});
    c.on('close', () => {
      clearTimeout(timer);
      ok({ status: Number(/^HTTP\/1\.\d (\d{3})/.exec(head)?.[1] ?? 0), bytes, ms: Date.now() - begun, late });
    });
  });
}

/** A request as text; the connection closes behind the answer. */
const request = (target, headers = '', method = 'GET') =>
  `${method} ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${headers}\r\n`;

/**
 * Rude requests as [what, text, statuses that are right]. base is the path of
 * a live media playlist, segment that of a segment in it, next the number of
 * the segment that comes.
 */
export function rudeRequests(base, segment, next) {
  const dir = base.slice(0, base.lastIndexOf('/') + 1);
  const out = [];
  const add = (what, text, ...statuses) => out.push([what, text, statuses]);

  for (const path of [
    '/live/', '/live/demo', '/live/demo/', '/live/demo/x', '/live/nowhere/index.m3u8', '/live/demo/none/main/index.m3u8',
    `${dir}p99999999999999999999.ts`, `${dir}99999999999999999999.ts`, `${dir}-1.ts`, `${dir}p.ts`, `${dir}1.mp4`, `${dir}1.ts.ts`,
    `${dir}%00.ts`, `${dir}1%00.ts`, `${dir}%2e%2e%2f1.ts`, `${dir}..%5c1.ts`, `${dir}%F0%9F%8C%BD.ts`, `${dir}%ff%fe.ts`,
    '/live/de%00mo/x/main/1.ts', '/live/demo/%00/main/1.ts', '/live/demo/%00/vod.m3u8', '/live/%2e%2e/x/vod.m3u8',
    '/live/..%2f..%2f..%2fetc/passwd/vod.m3u8', '/live/demo/..%2f..%2f..%2fmediad.db%00/vod.m3u8', '/live/demo/%ff/vod.m3u8',
    `/live/demo/${'a'.repeat(300)}/main/1.ts`, `/live/${'b'.repeat(5000)}/x/main/1.ts`, `/live/demo/${'c'.repeat(300)}/vod.m3u8`,
    `/live${'/d'.repeat(4000)}`, '/vod/%00/index.m3u8', `/vod/${'e'.repeat(5000)}/index.m3u8`, '/vod/..%2f/index.m3u8',
    '/c/%00/live.json', '/c/room/%00.json', '/c/x/p/%00@1.json', '/go/%00/x', '/watch/%00', '/embed/%ff', '/assets/%00', '/assets/..%2f..%2fetc',
  ]) add(path.slice(0, 60), request(path), 400, 404);
  for (const path of [`${dir}../../../../../../etc/passwd`, '/live/../metrics/../../etc/passwd', '//live//demo//x', '/live/demo/./x']) {
    add(path, request(path), 301, 307, 308, 400, 404);
  }
  for (const q of ['_HLS_part=1', '_HLS_msn=x', '_HLS_msn=', '_HLS_msn=-1', '_HLS_msn=1e3', '_HLS_msn=99999999999999999999999',
    `_HLS_msn=${'9'.repeat(5000)}`, `_HLS_msn=${next + 3}`, '_HLS_msn=9223372036854775807', '_HLS_msn=1&_HLS_part=-1', '_HLS_msn=1&_HLS_part=0x1',
    `_HLS_msn=${next}&_HLS_part=1000000`, `_HLS_msn=${next}&_HLS_part=9223372036854775807`]) {
    add(q.slice(0, 60), request(`${base}?${q}`), 400);
  }
  for (const q of ['_HLS_msn=%31', '%zz', '&&&;;==', '_HLS_skip=%00', `x=${'y'.repeat(20000)}`, 'a&'.repeat(8000)]) add(q.slice(0, 60), request(`${base}?${q}`), 200);
  for (const [range, right] of [
    ['bytes=9-1', 200], ['bytes=x-', 200], ['lines=1-2', 200], ['bytes=--5', 200],
    ['bytes=-0', 416], ['bytes=99999999-', 416], ['bytes=18446744073709551616-', 416],
  ]) {
    add(`Range: ${range}`, request(segment, `Range: ${range}\r\n`), right);
  }
  add('overlapping ranges', request(segment, `Range: bytes=${'0-,'.repeat(3000)}0-\r\n`), 200);
  add('thousands of ranges', request(segment, `Range: bytes=${'0-0,'.repeat(3000)}0-0\r\n`), 200, 206);
  add('a range of nothing', request(segment, 'Range: bytes=\r\n'), 200);
  add('range of a playlist', request(base, 'Range: bytes=9-1\r\n'), 200);
  for (const header of [`X: ${'x'.repeat(60_000)}`, 'X: y\r\n'.repeat(12_000).trimEnd(), `Range: bytes=${'0-0,'.repeat(20_000)}`, `If-None-Match: ${'"a",'.repeat(20_000)}`]) {
    add(`giant ${header.slice(0, 20)}`, request(base, `${header}\r\n`), 431);
  }
  add('giant target', request(`/${'x'.repeat(70_000)}`), 431);
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND']) add(method, request(base, 'Content-Length: 0\r\n', method), 405);
  add('a body that never comes', request(base, 'Content-Length: 1000000000\r\n', 'POST'), 405);
  add('no host', 'GET / HTTP/1.1\r\n\r\n', 400);
  add('no header', `GET ${base} HTTP/1.1\r\nHost x\r\n\r\n`, 400);
  add('two lengths', request(base, 'Content-Length: 1\r\nContent-Length: 2\r\n', 'POST'), 400);
  add('a method of bytes', '\x00\x01\x02 / HTTP/1.1\r\nHost: x\r\n\r\n', 400);
  add('a handshake of TLS', Buffer.from('160301020001000001fc0303\r\n\r\n', 'latin1'), 400);
  add('a handshake of RTMP', Buffer.concat([Buffer.from([3]), Buffer.alloc(1536), Buffer.from('\r\n\r\n')]), 400);
  for (const path of ['/api/v1/products', '/api/v1/rooms/demo/pins', '/api/v1/rooms/demo/cues']) {
    add(`POST ${path}`, request(path, 'Content-Length: 5\r\n\r\n{{{{{', 'POST'), 401);
    add(`POST ${path} with a guess`, request(path, `Authorization: Bearer ${'z'.repeat(20_000)}\r\nContent-Length: 0\r\n`, 'POST'), 401);
  }
  return out;
}

/** Sends a header byte by byte and never ends it; gives what say gives. */
export function slowLoris(port, limit) {
  return new Promise((ok) => {
    const begun = Date.now();
    let late = false;
    const c = connect(port, '127.0.0.1', () => c.write('GET / HTTP/1.1\r\nHost: x\r\nX: '));
    const drip = setInterval(() => c.writable && c.write('x'), 300);
    const timer = setTimeout(() => { late = true; c.destroy(); }, limit);
    c.on('data', () => {});
    c.on('error', () => {});
    c.on('close', () => {
      clearInterval(drip);
      clearTimeout(timer);
      ok({ ms: Date.now() - begun, late });
    });
  });
}
