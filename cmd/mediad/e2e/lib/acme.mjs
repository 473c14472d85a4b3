// A real ACME authority (Pebble) and a name server that answers 127.0.0.1 to
// whatever it is asked.
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, until } from './mediad.mjs';

const run = promisify(execFile);

/** Makes a pair of PEM files for localhost, signed by itself. */
export async function certificate(dir) {
  const [cert, key] = [join(dir, 'cert.pem'), join(dir, 'key.pem')];
  await run('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '30',
    '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', key, '-out', cert]);
  return { cert, key };
}

async function names() {
  const server = createServer((socket) => { // Pebble asks over TCP: each message has its length before it
    socket.on('error', () => {});
    socket.on('data', (message) => {
      const q = message.subarray(2);
      let end = 12;
      while (q[end]) end += q[end] + 1; // the labels of the one name that is asked for
      const question = q.subarray(12, end + 5);
      const a = question.readUInt16BE(question.length - 4) === 1;
      const head = Buffer.from([q[0], q[1], 0x81, 0x80, 0, 1, 0, a ? 1 : 0, 0, 0, 0, 0]);
      const answer = a ? Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1]) : Buffer.alloc(0);
      const length = Buffer.alloc(2);
      length.writeUInt16BE(head.length + question.length + answer.length);
      socket.write(Buffer.concat([length, head, question, answer]));
    });
  });
  await new Promise((ok) => server.listen(0, '127.0.0.1', ok));
  return { port: server.address().port, close: () => server.close() };
}

/** An authority that checks names at these ports instead of 80 and 443. */
export async function authority({ httpPort, tlsPort }) {
  const dir = await mkdtemp(join(tmpdir(), 'mediad-acme-'));
  const { cert, key } = await certificate(dir);
  const [port, management, dns] = [await freePort(), await freePort(), await names()];
  await writeFile(join(dir, 'pebble.json'), JSON.stringify({ pebble: {
    listenAddress: `127.0.0.1:${port}`, managementListenAddress: `127.0.0.1:${management}`,
    certificate: cert, privateKey: key, httpPort, tlsPort, ocspResponderURL: '', externalAccountBindingRequired: false,
  } }));
  const p = spawn('pebble', ['-config', join(dir, 'pebble.json'), '-dnsserver', `127.0.0.1:${dns.port}`],
    { env: { ...process.env, PEBBLE_VA_NOSLEEP: '1' }, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  for (const out of [p.stdout, p.stderr]) out.on('data', (d) => (log += d));
  let gone = false;
  const exited = new Promise((ok) => { p.once('exit', ok); p.once('error', (e) => { log += e; ok(); }); }).then(() => (gone = true));
  const root = await until('pebble answers', async () => {
    if (gone) throw new Error(`pebble exited:\n${log}`);
    const r = await run('curl', ['-sf', '--cacert', cert, `https://localhost:${management}/roots/0`]).catch(() => null);
    return r?.stdout;
  });
  return {
    directory: `https://localhost:${port}/dir`, trust: cert, root,
    log: () => log,
    stop: async () => {
      if (!gone) p.kill('SIGTERM');
      await exited;
      dns.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
