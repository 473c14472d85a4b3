// Media behind signed addresses: nothing without one, everything with one, and
// the watch page gets one by itself.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { launch } from './lib/browser.mjs';
import { ask, text } from './lib/crowd.mjs';
import { Mediad, until } from './lib/mediad.mjs';
import { servePages } from './lib/pages.mjs';
import { uris } from './lib/playlist.mjs';
import { clip, push } from './lib/publisher.mjs';
import { listen, playing } from './lib/watching.mjs';

test('a room whose media needs a signed address', async () => {
  const m = await Mediad.start({ config: { playback: { protect: true } } });
  const [pages, browser] = [await servePages(), await launch()];
  const publisher = push(await clip({ seconds: 60, fps: 30, gop: 2 }), `${m.rtmp}/${m.key}`);
  try {
    const minted = await m.api('POST', '/rooms/demo/playback');
    assert.equal(minted.status, 200, JSON.stringify(minted.body));
    assert.match(minted.body.url, /^\/live\/~\d+\.[0-9a-f]{8}\.[\w-]+\/demo\/index\.m3u8$/);
    const left = Date.parse(minted.body.expires) - Date.now();
    assert.ok(left > 12 * 3600e3 && left <= 13 * 3600e3, `${left} ms`);
    const signed = m.http + minted.body.url;
    const multivariant = await until('the room is live', async () => {
      const r = await ask(signed);
      return r.status === 200 && r;
    });
    assert.equal((await m.api('POST', '/rooms/nowhere/playback')).status, 404);
    assert.equal((await fetch(`${m.http}/api/v1/rooms/demo/playback`, { method: 'POST' })).status, 401);

    // All addresses in the playlist have the signature, and none works
    // without it.
    const list = new URL(uris(text(multivariant))[0], signed).href;
    const playlist = text(await ask(list));
    const names = [...playlist.matchAll(/^(\d+\.ts)|URI="(p\d+\.ts)"/gm)].map((x) => x[1] ?? x[2]);
    const media = [names.find((n) => /^\d/.test(n)), names.find((n) => /^p/.test(n))].map((n) => new URL(n, list).href);
    for (const url of [signed, list, ...media]) {
      assert.equal((await ask(url)).status, 200, url);
      for (const bad of [url.replace(/~[^/]+\//, ''), url.replace(/(~\d+\.\w+\.)./, '$1A'), url.replace(/~\d/, '~9')]) {
        if (bad === url) continue;
        const r = await ask(bad);
        assert.equal(r.status, 403, bad);
        assert.equal(r.headers['cache-control'], 'no-store');
        assert.equal(r.headers['access-control-allow-origin'], '*');
        assert.match(r.headers['access-control-expose-headers'], /Age/);
      }
    }
    // No cache keeps a segment for longer than its address is valid.
    const age = Number((await ask(media[0])).headers['cache-control'].match(/max-age=(\d+)/)[1]);
    assert.ok(age <= left / 1000 + 1, `max-age=${age}`);

    // So does the rewind.
    const rewind = signed.replace('/index.m3u8', '/dvr/index.m3u8');
    const far = new URL(text(await ask(rewind)).split('\n').find((l) => l.startsWith('../')), rewind).href;
    const oldest = new URL(uris(text(await ask(far)))[0], far).href;
    for (const url of [rewind, far, oldest]) {
      assert.equal((await ask(url)).status, 200, url);
      assert.equal((await ask(url.replace(/~[^/]+\//, ''))).status, 403, url);
    }

    // The page plays; what the public may read tells of no signature.
    const context = await browser.newContext();
    await listen(context);
    const page = await context.newPage();
    const refused = [];
    page.on('response', (r) => r.status() === 403 && refused.push(r.url()));
    await page.goto(`${m.http}/watch/demo`);
    await playing(page);
    assert.deepEqual(refused, []);
    const room = text(await ask(`${m.http}/c/room/demo.json`));
    assert.ok(JSON.parse(room).protected && !room.includes('~'), room);
    // Nor can the page of another site read what ours may.
    const other = await context.newPage();
    await other.goto(`${pages.url}/hlsjs.html?src=${encodeURIComponent(signed)}`);
    await until('a player of another site plays with the address it was given', () => other.evaluate(() => window.seen.positions.some((p) => p.at > 0.5)), 25000);
    await assert.rejects(other.evaluate((url) => fetch(url).then((r) => r.json()), `${m.http}/watch/demo/playback.json`));

    // The replay, by the same page.
    await publisher.stop();
    await until('the broadcast is over', async () => (await m.api('GET', '/rooms/demo')).body.live === false);
    await m.api('POST', '/rooms/demo/end');
    const replay = await until('there is a replay', async () => JSON.parse(text(await ask(`${m.http}/c/room/demo.json`))).replay);
    const prefix = minted.body.url.match(/~[^/]+\//)[0];
    assert.equal((await ask(m.http + replay)).status, 403);
    const vod = await until('the replay is stored', async () => {
      const r = await ask(m.http + replay.replace('/vod/', `/vod/${prefix}`));
      return r.status === 200 && r;
    });
    const first = uris(text(vod))[0];
    assert.ok(first.startsWith(`/live/${prefix}demo/`), first);
    assert.equal((await ask(m.http + first)).status, 200);
    // Nor is there another way to it.
    const track = replay.replace('index.m3u8', 'chapters.vtt');
    for (const [url, status] of [[track, 403], [track.replace('/vod/', `/vod/${prefix}`), 200], [replay.replace('index.m3u8', 'clips/X.m3u8'), 403]]) {
      assert.equal((await ask(m.http + url)).status, status, url);
    }
    const former = await context.newPage();
    await former.goto(`${m.http}/watch/demo?show=${replay.split('/')[2]}`);
    await playing(former);
    const late = await context.newPage();
    await late.goto(`${m.http}/watch/demo`);
    const button = late.locator('mediad-player button', { hasText: /replay|watch/i }).first();
    await button.click({ timeout: 15000 });
    await playing(late);
  } finally {
    await browser.close();
    await publisher.stop();
    pages.close();
    await m.stop();
  }
});
