// A newcomer's first minute: one command, and a shoppable stream in the browser.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch } from './lib/browser.mjs';
import { binary, freePort, until, environment } from './lib/mediad.mjs';
import { card, listen } from './lib/watching.mjs';

test('the demo shows a card within ten seconds of its start', async () => {
  const browser = await launch();
  const context = await browser.newContext();
  await listen(context);
  const page = await context.newPage();
  const dir = await mkdtemp(join(tmpdir(), 'mediad-demo-'));
  const http = await freePort();
  const demo = spawn(binary, ['demo'], {
    cwd: dir, stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...environment, MEDIAD_HTTP_LISTEN: `127.0.0.1:${http}`, MEDIAD_METRICS_LISTEN: '', MEDIAD_RTMP_LISTEN: `127.0.0.1:${await freePort()}` },
  });
  const began = Date.now();
  const exited = new Promise((ok) => demo.once('exit', ok));
  let printed = '';
  demo.stdout.on('data', (d) => (printed += d));
  demo.stderr.resume();
  try {
    await until('the page', () => page.goto(`http://127.0.0.1:${http}/watch/demo`).then(() => true, () => false));
    const shown = await until('the card', () => card(page), 20000);
    const took = Date.now() - began;
    assert.ok(took < 10000, `the card took ${took} ms`);
    assert.match(shown.text, /玉米/);
    assert.match(shown.buy, /\/go\//);
    assert.match(printed, /OBS server {2}rtmp:\/\//);
    assert.match(printed, /stream key/);
    assert.match(printed, /watch {7}http:\/\//);
  } finally {
    demo.kill('SIGTERM');
    assert.equal(await exited, 0);
    await browser.close();
    await rm(dir, { recursive: true, force: true });
  }
});
