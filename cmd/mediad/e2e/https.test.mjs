// HTTPS with HTTP/2, by a certificate of one's own and by ACME.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { connect } from 'node:http2';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { authority, certificate } from './lib/acme.mjs';
import { launch } from './lib/browser.mjs';
import { ask } from './lib/crowd.mjs';
import { Mediad, freePort, sleep, until } from './lib/mediad.mjs';
import { servePages } from './lib/pages.mjs';
import { clip, push } from './lib/publisher.mjs';
import { longestStall, playing } from './lib/watching.mjs';

/** One GET over HTTP/2. */
function h2(port, path, options) {
  return new Promise((ok, fail) => {
    const session = connect(`https://127.0.0.1:${port}`, options);
    session.on('error', fail);
    const stream = session.request({ ':path': path });
    let status, body = '';
    stream.on('response', (h) => (status = h[':status']));
    stream.on('data', (d) => (body += d));
    stream.on('error', fail);
    stream.on('end', () => {
      const issuer = session.socket.getPeerCertificate().issuer?.CN;
      session.close();
      ok({ status, body, issuer });
    });
    stream.end();
  });
}

test('hls.js plays over HTTPS and HTTP/2, and the plain port leads there', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'mediad-tls-'));
  const { cert, key } = await certificate(dir);
  const plain = await freePort();
  const port = await freePort();
  const m = await Mediad.start({
    secure: true, httpPort: port,
    config: { http: { listen: `127.0.0.1:${port}`, tls: { cert, key, redirect_listen: `127.0.0.1:${plain}` } } },
  });
  const [pages, browser] = [await servePages(), await launch()];
  const publisher = push(await clip({ seconds: 60, fps: 30, gop: 2 }), `${m.rtmp}/${m.key}`);
  try {
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    const page = await context.newPage();
    const protocols = new Map();
    const session = await context.newCDPSession(page);
    await session.send('Network.enable');
    session.on('Network.responseReceived', ({ response }) => {
      if (response.url.includes('/live/')) protocols.set(response.protocol, (protocols.get(response.protocol) ?? 0) + 1);
    });
    const list = `/live/demo/index.m3u8`;
    await until('the room is live', async () => (await h2(port, list, { rejectUnauthorized: false })).status === 200, 20000, 300);
    await page.goto(`${pages.url}/hlsjs.html?src=${encodeURIComponent(`https://127.0.0.1:${port}${list}`)}`);
    await playing(page);
    await sleep(5);
    await until('it plays parts', () => page.evaluate(() => window.seen.parts > 6));
    const seen = await page.evaluate(() => window.seen);
    assert.deepEqual(seen.errors, []);
    assert.ok(longestStall(seen.positions) < 3, `stood still for ${longestStall(seen.positions)} s`);
    assert.deepEqual([...protocols.keys()], ['h2'], JSON.stringify([...protocols]));

    const r = await ask(`http://127.0.0.1:${plain}/watch/demo?x=1`);
    assert.equal(r.status, 301);
    assert.equal(r.headers.location, `https://127.0.0.1:${port}/watch/demo?x=1`);
  } finally {
    await browser.close();
    await publisher.stop();
    pages.close();
    await m.stop();
    await rm(dir, { recursive: true, force: true });
  }
});

for (const challenge of ['TLS-ALPN-01', 'HTTP-01']) {
  test(`a certificate by ACME, ${challenge}`, async () => {
    const [port, plain, closed] = [await freePort(), await freePort(), await freePort()];
    const http01 = challenge === 'HTTP-01';
    const acme = await authority({ httpPort: http01 ? plain : closed, tlsPort: http01 ? closed : port });
    const name = 'live.mediad.test';
    const m = await Mediad.start({
      secure: true, httpPort: port, env: { SSL_CERT_FILE: acme.trust },
      config: { http: { listen: `127.0.0.1:${port}`, tls: {
        acme_domains: [name], acme_directory: acme.directory, redirect_listen: `127.0.0.1:${plain}` } } },
    });
    try {
      // The first client waits for the certificate; this test trusts only the authority's root.
      const r = await until('the certificate is there', () => h2(port, '/healthz', { servername: name, ca: acme.root }).catch(() => null), 40000, 500);
      assert.equal(r.status, 200);
      assert.match(r.issuer, /Pebble/);
      // The server orders no certificate for another name.
      await assert.rejects(h2(port, '/healthz', { servername: 'other.mediad.test', ca: acme.root }));
    } catch (e) {
      throw new Error(`${e.message}\n${acme.log().slice(-3000)}\n${m.log.slice(0, 3000)}`);
    } finally {
      await m.stop();
      await acme.stop();
    }
  });
}
