// Real nginx and Varnish in front of a server, run with the files of docs/cdn:
// only ports and paths are put in.
import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, until } from './mediad.mjs';

const docs = fileURLToPath(new URL('../../../../docs/cdn/', import.meta.url));

/** Replaces what must be there; a file that says something else is not the one that is documented. */
function put(text, from, to) {
  if (!text.includes(from)) throw new Error(`${JSON.stringify(from)} is not in the file`);
  return text.replaceAll(from, to);
}

async function start(name, program, args, port, dir) {
  const p = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  for (const out of [p.stdout, p.stderr]) out.on('data', (d) => (log += d));
  const exited = new Promise((ok) => { p.once('exit', ok); p.once('error', (e) => { log += e; ok(); }); });
  let gone = false;
  exited.then(() => (gone = true));
  await until(`${name} answers`, async () => {
    if (gone) throw new Error(`${name} exited:\n${log}`);
    return (await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null))?.ok;
  });
  return {
    name, http: `http://127.0.0.1:${port}`,
    stop: async () => {
      if (!gone) p.kill('SIGTERM');
      await exited;
      await rm(dir, { recursive: true, force: true });
    },
  };
}

export const nginx = (origin, { collapse = true } = {}) => nginxWith(collapse ? 'nginx' : 'nginx without collapsing', 'nginx.conf', origin,
  collapse ? {} : { 'proxy_cache_lock on;': 'proxy_cache_lock off;' });

/** nginx in front of a server and of its bucket, both on this machine. */
export const nginxWithBucket = (origin, port, bucket) => nginxWith('nginx with a bucket', 'nginx-bucket.conf', origin, {
  'server BUCKET.s3.REGION.amazonaws.com:443;': `server 127.0.0.1:${port};`,
  'https://bucket/shop': `http://bucket/${bucket}/shop`,
  'BUCKET.s3.REGION.amazonaws.com': `127.0.0.1:${port}`,
});

async function nginxWith(name, file, origin, puts) {
  const dir = await mkdtemp(join(tmpdir(), 'mediad-nginx-'));
  const port = await freePort();
  let site = await readFile(join(docs, file), 'utf8');
  for (const [from, to] of Object.entries({
    'server 127.0.0.1:8080;': `server 127.0.0.1:${origin};`, 'listen 80;': `listen 127.0.0.1:${port};`, '/var/cache/nginx/mediad': join(dir, 'cache'), ...puts,
  })) site = put(site, from, to);
  await writeFile(join(dir, 'site.conf'), site);
  await mkdir(join(dir, 'tmp'));
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((t) => `${t}_temp_path ${dir}/tmp/${t};`).join(' ');
  await writeFile(join(dir, 'nginx.conf'), `${process.getuid() === 0 ? 'user root;' : ''} daemon off; worker_processes auto; pid ${dir}/pid; error_log stderr warn;
    events { worker_connections 4096; } http { sendfile on; tcp_nopush on; access_log off; ${temp} include ${dir}/site.conf; }`);
  return start(name, 'nginx', ['-p', dir, '-e', 'stderr', '-c', join(dir, 'nginx.conf')], port, dir);
}

export async function varnish(origin) {
  const dir = await mkdtemp(join(tmpdir(), 'mediad-varnish-'));
  await chmod(dir, 0o755); // it reads the file as a user of its own
  const port = await freePort();
  const vcl = put(await readFile(join(docs, 'varnish.vcl'), 'utf8'), '.port = "8080";', `.port = "${origin}";`);
  await writeFile(join(dir, 'mediad.vcl'), vcl);
  return start('varnish', 'varnishd', ['-F', '-n', join(dir, 'work'), '-a', `127.0.0.1:${port}`, '-f', join(dir, 'mediad.vcl'),
    '-s', 'malloc,256m', '-T', 'none', '-p', 'thread_pool_min=50'], port, dir);
}
