// The server under a path of another site: nginx in front, once with and once without removing the path.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { launch } from './lib/browser.mjs';
import { ends } from './lib/ending.mjs';
import { Mediad, freePort, sleep, until } from './lib/mediad.mjs';
import { startProxy } from './lib/nginx.mjs';
import { uris } from './lib/playlist.mjs';
import { clip, push } from './lib/publisher.mjs';
import { inPlayer } from './lib/watching.mjs';

let browser, file;
before(async () => {
  browser = ends(await launch());
  file = await clip({ seconds: 60, fps: 30, gop: 1 });
});

for (const [how, protect, target] of [['takes the path off', false, '/'], ['leaves it on, and media is protected', true, '/live-shop/']]) {
  test(`a proxy that ${how}`, async () => {
    const port = await freePort();
    const site = `http://127.0.0.1:${port}`;
    const m = await Mediad.start({ http: { public_url: `${site}/live-shop` }, config: { playback: { protect }, hls: { part: '200ms', segment: '1s', window: '6s' } } });
    const proxy = await startProxy(port, `location /live-shop/ { proxy_pass ${m.http}${target}; proxy_http_version 1.1; proxy_buffering off; }`);
    let publisher;
    try {
      const api = async (method, path, body) => {
        const r = await fetch(`${site}/live-shop/api/v1${path}`, { method, headers: { authorization: `Bearer ${m.token}`, 'content-type': 'application/json' }, body: body && JSON.stringify(body), redirect: 'manual' });
        return { status: r.status, location: r.headers.get('location'), body: await r.json().catch(() => null) };
      };
      const below = (address) => assert.match(address, /^(http:\/\/127\.0\.0\.1:\d+)?\/live-shop\//, address);
      const made = await api('POST', '/products', { sku: 'CORN', title: 'Corn', price: 4990, currency: 'CNY', link: 'https://shop.example/corn', image: '/corn.jpg' });
      assert.equal(made.status, 201, JSON.stringify(made.body));
      below(made.location);
      publisher = push(file, `${m.rtmp}/${m.key}`);
      const page = await (await browser.newContext({ locale: 'en-US' })).newPage();
      const wrong = [];
      page.on('response', (r) => {
        const { pathname } = new URL(r.url());
        if (!pathname.startsWith('/live-shop/') || (r.status() >= 400 && !/poster\.jpg|corn\.jpg|thumbs\.vtt|index\.m3u8|favicon/.test(pathname))) wrong.push(`${r.status()} ${r.url()}`);
      });
      const state = (want) => until(`the player is ${want}`, () => page.evaluate((w) => document.querySelector('mediad-player')?.dataset.state === w, want), 25000);
      await page.goto(`${site}/live-shop/watch/demo`);
      await state('live');
      const front = await fetch(`${site}/live-shop/`, { redirect: 'manual' });
      below(front.headers.get('location'));
      await api('POST', '/rooms/demo/pins', { product: 'CORN' });
      const buy = await until('the card', () => inPlayer(page, (_, root) => root.querySelector('.card.big .buy')?.href));
      below(buy);
      const click = await fetch(buy, { redirect: 'manual' });
      assert.equal(click.headers.get('location'), 'https://shop.example/corn');
      const show = (await api('GET', '/rooms/demo')).body.show.id;
      const get = async (path) => (await fetch(`${site}/live-shop${path}`)).json();
      const room = await get('/c/room/demo.json');
      for (const address of [room.playback, room.rewind]) below(address);
      const [pinned] = (await get(`/c/${show}/live.json`)).pinned;
      below(pinned.go);
      assert.equal(pinned.image, '/live-shop/corn.jpg');
      below((await api('GET', '/rooms/demo/playback')).body?.url ?? '/live-shop/');
      const docs = await (await fetch(`${site}/live-shop/api`)).text();
      assert.equal((await fetch(new URL(/href="([^"]*openapi\.json)"/.exec(docs)[1], site))).status, 200);
      await sleep(6.5);

      // The element on a page of another origin, from where its script came.
      const embed = await page.locator('#embed-code').textContent();
      assert.match(embed, new RegExp(`src="${site}/live-shop/embed\\.js"`));

      await publisher.stop();
      assert.equal((await api('POST', '/rooms/demo/end')).status, 200);
      await state('ended');
      await until('the replay', async () => (await get('/c/room/demo.json')).replay, 20000);
      await page.goto(`${site}/live-shop/watch/demo?show=${show}`);
      await state('replay');
      await until('it plays', () => inPlayer(page, (_, root) => root.querySelector('video').currentTime > 1), 15000);
      assert.equal(await page.locator('link[rel=canonical]').getAttribute('href'), `${site}/live-shop/watch/demo?show=${show}`);
      await until('the list of products', () => page.evaluate(() => document.querySelectorAll('.good').length === 1), 15000);
      if (!protect) {
        const list = await (await fetch(`${site}/live-shop/vod/${show}/index.m3u8`)).text();
        for (const uri of uris(list)) below(uri);
      }
      assert.deepEqual(wrong, []);
    } finally {
      await publisher?.stop();
      await proxy.stop();
      await m.stop();
    }
  });
}
