// nginx as a CDN in front of a bucket that anybody may read.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { freePort, until } from './mediad.mjs';

export async function startCDN(bucket) {
  return startProxy(await freePort(), `
    location /live/ {
      proxy_pass ${bucket}/live/;
      proxy_http_version 1.1;
      proxy_cache media;
      proxy_cache_lock on;
      proxy_cache_key $uri;
      proxy_cache_valid 404 1s;
      proxy_set_header Origin "http://any.example"; # so that each stored answer has the header of CORS
      add_header X-Cache $upstream_cache_status;
    }`);
}

/** nginx on a port, with the locations of one server. */
export async function startProxy(port, locations) {
  const dir = await mkdtemp(join(tmpdir(), 'mediad-cdn-'));
  const config = join(dir, 'nginx.conf');
  await writeFile(config, `
${process.getuid() === 0 ? 'user root;' : ''} # the folders are this user's alone
daemon off; pid ${dir}/pid; error_log ${dir}/error.log; worker_processes 1;
events { worker_connections 512; }
http {
  access_log off;
  client_body_temp_path ${dir}/body; proxy_temp_path ${dir}/proxy; fastcgi_temp_path ${dir}/f; uwsgi_temp_path ${dir}/u; scgi_temp_path ${dir}/s;
  proxy_cache_path ${dir}/cache keys_zone=media:1m;
  server {
    listen 127.0.0.1:${port};
    ${locations}
  }
}
`);
  const nginx = spawn('nginx', ['-p', dir, '-c', config, '-e', `${dir}/error.log`], {
    env: { ...process.env, PATH: `${process.env.PATH}${delimiter}/usr/sbin` }, stdio: 'inherit',
  });
  let failed;
  const exited = new Promise((ok) => {
    nginx.once('exit', ok);
    nginx.once('error', (err) => { failed = err; ok(); });
  });
  await until('nginx answers', () => {
    if (failed) throw failed;
    return fetch(`http://127.0.0.1:${port}/`).then(() => true, () => false);
  });
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      nginx.kill('SIGTERM');
      await exited;
      await rm(dir, { recursive: true, force: true });
    },
  };
}
