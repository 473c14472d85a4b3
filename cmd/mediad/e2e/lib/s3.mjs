// A real S3 server on a free port.
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { freePort, until } from './mediad.mjs';
import { putBucket } from './sigv4.mjs';

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
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    dir: join(dir, bucket), endpoint, bucket, credentials, start, halt,
    /** A server's setting of a store below shop/. */
    storage: { kind: 's3', s3: { endpoint, region: 'us-east-1', bucket, prefix: 'shop', path_style: true } },
    async stop() {
      await halt();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Lets everybody, and pages of other sites, read below PREFIX/live/, as docs/storage.md says. */
export async function publish(s3, prefix) {
  await putBucket(s3, 'policy', JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${s3.bucket}/${prefix}/live/*` }],
  }));
  await putBucket(s3, 'cors', '<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod>'
    + '<AllowedMethod>HEAD</AllowedMethod><AllowedHeader>*</AllowedHeader></CORSRule></CORSConfiguration>');
}
