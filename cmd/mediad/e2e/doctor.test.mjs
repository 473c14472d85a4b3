// mediad doctor finds no fault in the product itself, and reports the faults
// that a proxy in front adds.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { createServer, request } from 'node:http';
import { doctor, violated } from './lib/doctor.mjs';
import { ends } from './lib/ending.mjs';
import { Mediad, until } from './lib/mediad.mjs';
import { clip, push } from './lib/publisher.mjs';

let m;
before(async () => {
  m = ends(await Mediad.start());
  ends(push(await clip({ seconds: 60, fps: 30, gop: 2 }), `${m.rtmp}/${m.key}`));
  const list = await m.mediaPlaylist();
  await until('there are some segments', async () => (await (await fetch(list)).text()).split('#EXTINF').length > 3);
});

test('the product breaks no rule, with cues in its stream', async () => {
  const cues = setInterval(() => m.api('POST', '/rooms/demo/cues', { kind: 'notice', data: { text: '玉米' } }), 1500);
  try {
    const { code, stdout, stderr } = await doctor(`${m.http}/live/demo/index.m3u8`, '--for', '12s', '--cdn', '--json');
    const report = JSON.parse(stdout);
    assert.deepEqual(violated(report), [], stderr);
    assert.equal(code, report.violated.length ? 1 : 0);
    assert.ok(report.checked > 115, `${report.checked} statements were checked; not: ${JSON.stringify(report.unchecked)}`);
    assert.ok(report.parts > 20 && report.segments > 5, stdout);
    assert.match(stderr, /following http/);
  } finally {
    clearInterval(cues);
  }
});

test('the doctor tells the faults of a proxy in words', async () => {
  // It forgets CORS and lifetimes on errors, and one byte of every part.
  const proxy = ends(createServer((req, res) => {
    const up = request(`${m.http}${req.url}`, { method: req.method, headers: req.headers }, (got) => {
      const headers = { ...got.headers };
      if (got.statusCode >= 400) {
        delete headers['access-control-allow-origin'];
        delete headers['cache-control'];
      }
      res.writeHead(got.statusCode, headers);
      const body = [];
      got.on('data', (d) => body.push(d));
      got.on('end', () => {
        const all = Buffer.concat(body);
        if (/\/p\d+\.ts$/.test(req.url) && got.statusCode === 200) all[188 * 4 + 3] ^= 0x0f;
        res.end(all);
      });
    });
    up.on('error', () => res.destroy());
    req.pipe(up);
  }));
  await new Promise((ok) => proxy.listen(0, '127.0.0.1', ok));
  const { code, stdout } = await doctor(`http://127.0.0.1:${proxy.address().port}/live/demo/index.m3u8`, '--for', '3s');
  assert.equal(code, 1, stdout);
  for (const id of ['B1.13', 'A6.5', 'A6.6']) assert.match(stdout, new RegExp(`^  ${id.replace('.', '\\.')} `, 'm'), stdout);
  assert.match(stdout, /packet 4, at byte 752/);
  assert.match(stdout, /\d+ statements checked, \d+ violated, \d+ could not be checked/);
});

test('an address without media gives exit code 2', async () => {
  for (const url of [`${m.http}/live/nowhere/index.m3u8`, 'http://127.0.0.1:1/x.m3u8', 'somewhere']) {
    const { code, stdout, stderr } = await doctor(url);
    assert.equal(code, 2, stderr);
    assert.equal(stdout, '');
    assert.equal(stderr.trim().split('\n').length, 1, stderr);
  }
});

test('the address of a page leads to that of its playlist', async () => {
  for (const page of ['/watch/demo', '/watch/demo?lang=zh&operator=1', '/embed/demo', '/c/room/demo.json']) {
    const { code, stderr } = await doctor(m.http + page);
    assert.equal(code, 2, stderr);
    const named = /this is the address of a page, whose playlist is (\S+)$/m.exec(stderr)?.[1];
    assert.equal(named, `${m.http}/live/demo/index.m3u8`, stderr);
  }
});
