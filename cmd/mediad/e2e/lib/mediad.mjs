// Starts the real server on free ports with a configuration of its own, and
// speaks its API.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { uris } from './playlist.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
export const binary = process.env.MEDIAD ?? resolve(here, '../../../../bin/mediad');

/** The environment without the variables of tests, which are no keys of the server. */
export const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('MEDIAD_')));

/** A port for a server, also after a restart; one that the system gives (0) may be that of any connection a moment later. */
export async function freePort() {
  for (;;) {
    const port = 10000 + Math.floor(Math.random() * 10000);
    const server = createServer();
    const free = await new Promise((ok) => server.once('error', () => ok(false)).listen(port, '127.0.0.1', () => ok(true)));
    if (!free) continue;
    await new Promise((ok) => server.close(ok));
    return port;
  }
}

/** So many seconds. */
export const sleep = (seconds) => new Promise((ok) => setTimeout(ok, seconds * 1000));

/** Waits for a condition. `what` says what is waited for; a function says it, and what there is instead, when the time is over. */
export async function until(what, condition, ms = 15000, every = 50) {
  const end = Date.now() + ms;
  for (;;) {
    const got = await condition();
    if (got) return got;
    if (Date.now() > end) throw new Error(`timed out after ${ms} ms: ${typeof what === 'function' ? await what() : what}`);
    await sleep(every / 1000);
  }
}

/** Waits until what is read there matches; what there is instead is told when the time is over. */
export async function says(read, pattern, ms) {
  let there;
  return until(() => `${pattern}, where there is ${JSON.stringify(there)}`, async () => pattern.test((there = await read()) ?? ''), ms);
}

export class Mediad {
  static async start(options = {}) {
    const m = new Mediad();
    m.dir = await mkdtemp(join(tmpdir(), 'mediad-e2e-'));
    m.token = 'e2e-token-of-some-length';
    m.key = 'e2e-stream-key-0123456789';
    m.rtmpPort = await freePort();
    m.httpPort = options.httpPort ?? (await freePort());
    m.metricsPort = await freePort();
    m.http = `http${options.secure ? 's' : ''}://127.0.0.1:${m.httpPort}`;
    m.secure = options.secure ?? false;
    m.rtmp = `rtmp://127.0.0.1:${m.rtmpPort}/live`;
    m.env = options.env ?? {};
    m.within = options.within ?? (() => []); // a command, by the data directory, that the server is started by
    const config = {
      data_dir: join(m.dir, 'data'),
      log: { level: 'debug', format: 'json' },
      rtmp: { listen: `127.0.0.1:${m.rtmpPort}`, ...options.rtmp },
      http: { listen: `127.0.0.1:${m.httpPort}`, ...options.http },
      auth: { admin_token: m.token },
      metrics: { listen: `127.0.0.1:${m.metricsPort}` },
      rooms: [{ slug: 'demo', stream_key: m.key, title: 'Corn Town 玉米' }],
      ...options.config,
    };
    m.configFile = join(m.dir, 'config.yaml');
    await writeFile(m.configFile, JSON.stringify(config)); // JSON is YAML
    m.log = '';
    await m.launch();
    return m;
  }

  async launch() {
    const [command, ...args] = [...this.within(join(this.dir, 'data')), binary, 'serve', '--config', this.configFile];
    this.process = spawn(command, args, {
      env: { ...environment, ...this.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.exited = new Promise((ok) => this.process.once('exit', (code, signal) => ok({ code, signal })));
    for (const out of [this.process.stdout, this.process.stderr]) {
      out.on('data', (d) => (this.log += d));
    }
    let gone = false;
    this.exited.then(() => (gone = true));
    await until('the server is ready', async () => {
      if (gone) throw new Error(`mediad exited:\n${this.log}`);
      if (this.secure) return this.log.includes('/api\n'); // the banner: its ports are open
      const r = await fetch(`${this.http}/readyz`).catch(() => null);
      return r?.ok;
    });
  }

  async signal(name) {
    this.process.kill(name);
    return this.exited;
  }

  async stop() {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      this.process.kill('SIGTERM');
      const timer = setTimeout(() => this.process.kill('SIGKILL'), 15000);
      await this.exited;
      clearTimeout(timer);
    }
    await rm(this.dir, { recursive: true, force: true });
  }

  async api(method, path, body) {
    const r = await fetch(`${this.http}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await r.text();
    return { status: r.status, body: text ? JSON.parse(text) : null };
  }

  /** The text of /metrics. */
  async metrics() {
    return (await fetch(`http://127.0.0.1:${this.metricsPort}/metrics`)).text();
  }

  /** Follows a room: what server-sent events say, as {event, id, data}, until stop. */
  async follow(room = 'demo') {
    const leave = new AbortController();
    const answer = await fetch(`${this.http}/api/v1/rooms/${room}/events`, { headers: { authorization: `Bearer ${this.token}` }, signal: leave.signal });
    const said = [];
    let begun;
    const first = new Promise((ok) => (begun = ok));
    const done = (async () => {
      let text = '';
      for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
        text += chunk;
        begun(); // what comes from now on is not missed
        const messages = text.split('\n\n');
        text = messages.pop();
        for (const message of messages) {
          const m = Object.fromEntries(message.split('\n').map((l) => [l.slice(0, l.indexOf(':')), l.slice(l.indexOf(':') + 2)]));
          if (m.data) said.push({ ...m, data: JSON.parse(m.data) });
        }
      }
    })().catch(() => {});
    await first;
    return { said, stop: () => { leave.abort(); return done; } };
  }

  /** Waits until a room's broadcast is gone: what is live next is another one. The API knows of the end a moment earlier. */
  async offAir(room = 'demo') {
    await until('the room is off air', async () => (await fetch(`${this.http}/live/${room}/index.m3u8`)).status === 404);
  }

  /** The URL of the media playlist, once the room is live. */
  async mediaPlaylist(room = 'demo') {
    const url = `${this.http}/live/${room}/index.m3u8`;
    const text = await until('the room is live', async () => {
      const r = await fetch(url);
      return r.ok ? r.text() : null;
    });
    return new URL(uris(text)[0], url).href;
  }
}
