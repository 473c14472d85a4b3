// A real S3 server on a free port.
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { freePort, until } from './mediad.mjs';

export async function startS3(bucket = 'shows') {
  const dir = await mkdtemp(join(tmpdir(), 'mediad-s3-'));
  await mkdir(join(dir, bucket));
  const port = await freePort();
  const credentials = { AWS_ACCESS_KEY_ID: 'e2eaccess', AWS_SECRET_ACCESS_KEY: 'e2esecretkey' };
  const open = () => spawn('versitygw', ['--quiet', '--port', `127.0.0.1:${port}`, 'posix', dir], {
    env: { ...process.env, PATH: `${process.env.PATH}${delimiter}${join(homedir(), 'go', 'bin')}`,
      ROOT_ACCESS_KEY: credentials.AWS_ACCESS_KEY_ID, ROOT_SECRET_KEY: credentials.AWS_SECRET_ACCESS_KEY },
    stdio: 'ignore',
  });
  let gateway;
  let exited;
  async function start() {
    gateway = open();
    exited = new Promise((ok) => gateway.once('exit', ok));
    await until('the S3 server answers', () => fetch(`http://127.0.0.1:${port}/`).then(() => true, () => false));
  }
  /** Takes the server away; start brings it back with what it had. */
  async function halt() {
    gateway.kill('SIGTERM');
    await exited;
  }
  await start();
  return {
    dir: join(dir, bucket), endpoint: `http://127.0.0.1:${port}`, bucket, credentials, start, halt,
    async stop() {
      await halt();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
