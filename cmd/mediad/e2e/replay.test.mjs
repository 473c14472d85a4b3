// The recording of a show: chapters whose places are right although the publisher was away in between, clips of single
// products, a page with a rail, and the way to former shows.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { launch } from './lib/browser.mjs';
import { ends } from './lib/ending.mjs';
import { Mediad, says, sleep, until } from './lib/mediad.mjs';
import { servePages } from './lib/pages.mjs';
import { lengthOf, uris } from './lib/playlist.mjs';
import { clip, push } from './lib/publisher.mjs';
import { card, inPlayer, listen, playerIs, playing } from './lib/watching.mjs';

const run = promisify(execFile);
let m, pages, browser, publisher, show, live;
const goods = {};
before(async () => {
  m = ends(await Mediad.start({ config: { hls: { part: '200ms', segment: '1s', window: '6s', reconnect: '60s' } } }));
  pages = ends(await servePages());
  browser = ends(await launch());
});

const get = async (path) => {
  const r = await fetch(`${m.http}${path}`);
  return { status: r.status, type: r.headers.get('content-type'), text: await r.text() };
};

test('a show with a lost publisher in it', async () => {
  const file = await clip({ seconds: 60, fps: 30, gop: 1 });
  for (const [sku, title] of [['CORN', 'Corn "sweet"'], ['HONEY', 'Honey & wax']]) {
    const made = await m.api('POST', '/products', { sku, title, price: 100, currency: 'EUR' });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    goods[sku] = made.body.id;
  }
  publisher = ends(push(file, `${m.rtmp}/${m.key}`));
  await m.mediaPlaylist();
  await sleep(1);
  const pin = async (sku) => {
    const { body } = await m.api('POST', '/rooms/demo/pins', { product: goods[sku] });
    await until(`${sku} is in the picture`, async () => (await m.api('GET', `/rooms/demo/cues/${body.id}`)).body.landed, 20000);
  };
  const unpin = async (sku) => {
    const { status, body } = await m.api('DELETE', `/rooms/demo/pins/${goods[sku]}`);
    assert.ok(status < 300, JSON.stringify(body));
    await until(`${sku} is out of the picture`, async () => (await m.api('GET', `/rooms/demo/cues/${body.id}`)).body.landed, 20000);
  };
  await pin('CORN');
  await sleep(7);
  await unpin('CORN');
  await publisher.kill();
  await sleep(8);
  publisher = ends(push(file, `${m.rtmp}/${m.key}`));
  await until('it is back', async () => !(await m.api('GET', '/rooms/demo')).body.waiting, 20000);
  await sleep(3);
  await pin('HONEY');
  await sleep(8);
  await unpin('HONEY');
  await sleep(2);
  show = (await m.api('GET', '/rooms/demo')).body.show.id;
  live = JSON.parse((await get(`/c/${show}/chapters.json`)).text).chapters;
  // A late viewer gets the list of everything that was shown, though nothing of
  // it is pinned any more.
  const late = await browser.newPage();
  await late.goto(`${m.http}/watch/demo`);
  await until('the list so far', async () => (await late.locator('.good').count()) === 2, 40000);
  assert.deepEqual(await late.locator('.good h3').allInnerTexts(), ['Honey & wax', 'Corn "sweet"']);
  await late.close();
  assert.equal((await m.api('POST', '/rooms/demo/end')).status, 200);
  await until('the replay', async () => (await get(`/vod/${show}/index.m3u8`)).status === 200, 20000);
  const asked = (coding) => fetch(`${m.http}/vod/${show}/index.m3u8`, { headers: { 'accept-encoding': coding } });
  const [zipped, plain] = [await asked('gzip'), await asked('identity')];
  assert.deepEqual([zipped, plain].map((r) => [r.headers.get('content-encoding'), r.headers.get('vary')]), [['gzip', 'Accept-Encoding'], [null, 'Accept-Encoding']]);
  assert.equal(await zipped.text(), await plain.text());
});

test('chapters as date ranges, JSON and WebVTT', async () => {
  const { text } = await get(`/vod/${show}/index.m3u8`);
  const ranges = text.split('\n').filter((l) => l.includes('CLASS="mediad.chapter"'));
  assert.equal(ranges.length, 2, text);
  assert.match(ranges[0], new RegExp(`X-MEDIAD-PRODUCT="${goods.CORN}",X-MEDIAD-TITLE="Corn 'sweet'"`));
  const json = JSON.parse((await get(`/c/${show}/chapters.json`)).text);
  assert.deepEqual(json.chapters.map((c) => c.product.id), [goods.CORN, goods.HONEY]);
  const [corn, honey] = json.chapters;
  assert.ok(corn.duration > 6 && corn.duration < 10 && honey.duration > 7 && honey.duration < 11, JSON.stringify(json));
  // A chapter has one place: what the page said while the show was live is where the recording has it.
  assert.equal(live.length, 2, JSON.stringify(live));
  for (const [i, c] of json.chapters.entries()) {
    assert.equal(c.start, c.at);
    assert.ok(Math.abs(live[i].start - c.at) < 0.3, `${live[i].start} s while live, ${c.at} s in the recording`);
  }
  // The recording leaves out the time without a publisher, so the second chapter is nearer than the
  // clock says.
  const byClock = (Date.parse(honey.date) - Date.parse(corn.date)) / 1000;
  assert.ok(byClock - (honey.at - corn.at) > 4, `${byClock} s by the clock, ${honey.at - corn.at} s of playing`);
  assert.ok(honey.at + honey.duration <= lengthOf(text) + 0.1);
  const vtt = await get(`/vod/${show}/chapters.vtt`);
  assert.match(vtt.type, /text\/vtt/);
  assert.match(vtt.text, /^WEBVTT\n\n1\n00:00:0\d\.\d{3} --> 00:00:\d\d\.\d{3}\nCorn "sweet"\n\n2\n.*\nHoney &amp; wax\n$/);
  assert.equal((await get('/vod/nothing/chapters.vtt')).status, 404);
  assert.equal((await get('/c/nothing/chapters.json')).status, 404);
});

test('a clip of one product plays by itself', async () => {
  const { status, text } = await get(`/vod/${show}/clips/${goods.HONEY}.m3u8`);
  assert.equal(status, 200);
  const { chapters } = JSON.parse((await get(`/c/${show}/chapters.json`)).text);
  const length = lengthOf(text);
  assert.ok(length >= chapters[1].duration && length < chapters[1].duration + 4, `${length} s of ${chapters[1].duration}`);
  assert.match(text, /#EXT-X-ENDLIST/);
  assert.doesNotMatch(text, new RegExp(goods.CORN));
  for (const uri of uris(text)) assert.equal((await get(uri)).status, 200, uri);
  assert.equal((await get(`/vod/${show}/clips/nothing.m3u8`)).status, 404);
  const page = await browser.newPage();
  await page.goto(`${pages.url}/hlsjs.html?src=${encodeURIComponent(`${m.http}/vod/${show}/clips/${goods.HONEY}.m3u8`)}`);
  await playing(page);
  const seen = await page.evaluate(() => window.seen);
  assert.deepEqual(seen.errors, []);
  await page.close();
});

test('the page of a former show has a rail that leads to each product', async () => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  await listen(context);
  const page = await context.newPage();
  await page.goto(`${m.http}/watch/demo`);
  const link = page.locator('.former a').first();
  assert.match(await link.getAttribute('href'), new RegExp(`show=${show}$`));
  await until('the show that ended just now is not among the past ones', () => link.isHidden()); // its replay is offered on the stage
  await page.goto(m.http + await link.getAttribute('href'));
  await playing(page);
  assert.equal(await inPlayer(page, (el) => el.dataset.state), 'replay');
  const rail = page.locator('#chapters button');
  await until('the rail', async () => (await rail.count()) === 2);
  assert.match(await rail.nth(1).innerText(), /Honey & wax/);

  const { chapters } = JSON.parse((await get(`/c/${show}/chapters.json`)).text);
  for (const i of [1, 0]) {
    await rail.nth(i).tap();
    await until(`the card of chapter ${i}`, async () => (await card(page))?.id === chapters[i].product.id, 15000);
    const at = await inPlayer(page, (_, root) => root.querySelector('video').currentTime);
    assert.ok(at >= chapters[i].at - 0.2 && at < chapters[i].at + chapters[i].duration, `at ${at}, chapter at ${chapters[i].at}`);
    await until('the rail shows what plays', async () => (await rail.nth(i).getAttribute('aria-current')) === 'true');
  }
  // The list of products goes as the chapters do, and leads there, too.
  assert.deepEqual(await page.locator('.good').evaluateAll((all) => all.map((e) => e.dataset.productId)), [goods.CORN, goods.HONEY]);
  assert.match(await page.locator(`.good[data-product-id="${goods.HONEY}"] .explain`).innerText(), /See it in the show · \d:\d\d/);
  await page.locator(`.good[data-product-id="${goods.HONEY}"] .explain`).tap();
  await until('the explanation', async () => (await card(page))?.id === goods.HONEY, 15000);
  assert.deepEqual((await page.evaluate(() => window.seen.errors)), []);
  await context.close();
});

test('a jump to a chapter from further down the page scrolls to the player', async () => {
  for (const viewport of [{ width: 390, height: 844 }, { width: 844, height: 390 }, { width: 1280, height: 620 }]) {
    const context = await browser.newContext({ viewport });
    await listen(context);
    const page = await context.newPage();
    await page.goto(`${m.http}/watch/demo?show=${show}`);
    await playing(page);
    await page.addStyleTag({ content: '.foot { padding-bottom: 150vh }' }); // a page as long as a long list makes it
    // What stands on top at the player's upper and lower edge, as far as the window goes.
    const edges = () => page.evaluate(() => {
      const { top, bottom, left, width } = document.querySelector('mediad-player').getBoundingClientRect();
      const fits = bottom - top + document.querySelector('.head').offsetHeight <= innerHeight;
      return [top + 2, fits ? bottom - 2 : innerHeight - 2].map((y) => document.elementFromPoint(left + width / 2, y)?.localName ?? 'outside');
    });
    const size = `${viewport.width}x${viewport.height}`;
    for (const button of [page.locator(`.good[data-product-id="${goods.HONEY}"] .explain`), page.locator('#chapters button').first()]) {
      await button.waitFor();
      const box = await button.evaluate((b) => {
        scrollTo({ top: scrollY + b.getBoundingClientRect().bottom - 200, behavior: 'instant' });
        return b.getBoundingClientRect().toJSON();
      });
      assert.notDeepEqual(await edges(), ['mediad-player', 'mediad-player'], `${size}: nothing to scroll`);
      await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
      await until(`${size}: the player is in view`, async () => (await edges()).every((e) => e === 'mediad-player'), 5000);
      // Smooth scrolling goes on for a moment, and would take the page away from the next button.
      await until(`${size}: the page stands still`, async () => {
        const before = await page.evaluate(() => scrollY);
        await sleep(0.2);
        return before === await page.evaluate(() => scrollY);
      }, 5000);
    }
    await context.close();
  }
});

test('a shared or embedded address plays the same show', async () => {
  const context = await browser.newContext({ locale: 'en-US', permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await context.newPage();
  const shared = async () => {
    await page.evaluate(() => Object.defineProperty(Navigator.prototype, 'share', { configurable: true, value: ({ url }) => { window.shared = url; return Promise.resolve(); } }));
    // The code of the button comes when the page is there, so neither button nor embed code is quicker than that.
    await page.evaluate(() => (window.shared = ''));
    await page.locator('#share').click();
    const url = new URL(await until('the address is shared', () => page.evaluate(() => window.shared)));
    assert.match(url.searchParams.get('ref'), /^[a-z0-9]{8}$/, 'it tells what it brings');
    url.searchParams.delete('ref');
    return url.href;
  };
  const embeds = () => page.locator('#embed-code').textContent();
  await page.goto(`${m.http}/watch/demo`);
  await playerIs(page, 'ended');
  assert.equal(await shared(), `${m.http}/watch/demo`);
  assert.doesNotMatch(await embeds(), /show=/);
  await page.getByRole('button', { name: 'Watch the replay' }).click();
  await playerIs(page, 'replay');
  assert.equal(await shared(), `${m.http}/watch/demo?show=${show}`);
  await until('the code embeds the show', async () => (await embeds()).includes(`<mediad-player room="demo" show="${show}">`), 5000)
    .catch(async (e) => { throw new Error(`${e.message}: ${await embeds()}`); });
  await page.goto(`${m.http}/watch/demo?show=${show}&lang=en`);
  assert.equal(await shared(), `${m.http}/watch/demo?show=${show}`);
  const meta = (name) => page.locator(`meta[property="og:${name}"]`).getAttribute('content');
  assert.equal(await meta('url'), `${m.http}/watch/demo?show=${show}`);
  assert.match(await meta('title'), /^Corn Town 玉米 · \d{4}-\d\d-\d\d$/);
  await until('the picture of that show', async () => (await fetch(await meta('image'))).headers.get('content-type') === 'image/jpeg', 30000, 500);
  assert.equal(await meta('image'), `${m.http}/vod/${show}/card.jpg`);
  await context.close();
});

test('search engines read the show, and their links begin at a chapter', async () => {
  const page = await browser.newPage();
  const said = async (address) => {
    await page.goto(address);
    return JSON.parse(await page.locator('script[type="application/ld+json"]').textContent())['@graph'];
  };
  const [video, ...products] = await said(`${m.http}/watch/demo?show=${show}`);
  const { chapters } = JSON.parse((await get(`/c/${show}/chapters.json`)).text);
  assert.deepEqual(video.hasPart.map((c) => [c['@type'], c.name, c.startOffset]), chapters.map((c) => ['Clip', c.product.title, Math.floor(c.at)]));
  assert.ok(Date.parse(video.publication.endDate) > Date.parse(video.publication.startDate), JSON.stringify(video));
  const corn = (await m.api('GET', `/products/${goods.CORN}`)).body;
  const named = products.find((p) => p.sku === corn.sku);
  assert.deepEqual([named.name, named.offers.price, named.offers.priceCurrency], [corn.title, (corn.price / 100).toFixed(2), corn.currency]);
  await page.goto(video.hasPart[1].url);
  await playerIs(page, 'replay');
  await until('it begins at the chapter', () => inPlayer(page, (_, root, from) => root.querySelector('video').currentTime >= from, video.hasPart[1].startOffset), 8000);
  const at = await inPlayer(page, (_, root) => root.querySelector('video').currentTime);
  assert.ok(at < video.hasPart[1].startOffset + 10, `${at}`);
  const { html, width } = await (await fetch(`${m.http}/oembed?maxwidth=480&url=${encodeURIComponent(video['@id'])}`)).json();
  await page.goto(`${pages.url}/hlsjs.html`); // a page of another site
  await page.setContent(html);
  assert.equal((await page.locator('iframe').boundingBox()).width, width);
  await page.frameLocator('iframe').locator('mediad-player[data-state=replay]').waitFor();
  await page.close();
});

test('the seek thumbnail lies over the card', async () => {
  await until('thumbnails', async () => (await get(`/vod/${show}/thumbs.vtt`)).status === 200, 180000); // made at low priority
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  await listen(context);
  const page = await context.newPage();
  await page.goto(`${m.http}/watch/demo?show=${show}`);
  await until('the card', () => card(page), 20000);
  const box = await inPlayer(page, (_, root) => {
    const b = root.querySelector('input.seek').getBoundingClientRect();
    return { x: b.x, y: b.y, width: b.width, height: b.height };
  });
  await page.mouse.move(box.x + box.width * 0.45, box.y + 14);
  await page.mouse.move(box.x + box.width * 0.5, box.y + 14);
  await until('the picture', () => inPlayer(page, (_, root) => Boolean(root.querySelector('.preview i'))), 10000);
  const seen = await inPlayer(page, (_, root) => {
    const [picture, big] = ['.preview i', '.card.big'].map((s) => root.querySelector(s).getBoundingClientRect());
    root.querySelector('.preview').style.pointerEvents = 'auto';
    const y = (Math.max(picture.top, big.top) + Math.min(picture.bottom, big.bottom)) / 2;
    return { over: picture.top < big.bottom, top: root.elementFromPoint(picture.x + picture.width / 2, y)?.localName };
  });
  assert.deepEqual(seen, { over: true, top: 'i' });
  await context.close();
});

test('a show that does not exist', async () => {
  const page = await browser.newPage();
  await page.goto(`${m.http}/watch/demo?show=01NOTHING`);
  await playerIs(page, 'ended', 30000);
  await says(() => inPlayer(page, (_, root) => root.querySelector('.notice')?.textContent), /recording cannot be played/);
  await page.close();
});

/** What ffprobe and a strict decode say of a file. */
async function probe(bytes) {
  const file = join(m.dir, 'download.mp4');
  await writeFile(file, bytes);
  const { stdout } = await run('ffprobe', ['-v', 'error', '-show_entries', 'format=duration:stream=codec_name', '-of', 'json', file]);
  const { stderr } = await run('ffmpeg', ['-v', 'error', '-xerror', '-i', file, '-f', 'null', '-']);
  const out = JSON.parse(stdout);
  return { codecs: out.streams.map((s) => s.codec_name).sort(), duration: Number(out.format.duration), stderr };
}

test('one MP4 of a show, and of a clip', async () => {
  const path = `/shows/${show}/download`;
  assert.equal((await fetch(`${m.http}/api/v1${path}`, { method: 'POST' })).status, 401);
  assert.equal((await m.api('POST', '/shows/nothing/download', {})).status, 404);
  assert.equal((await m.api('POST', path, { product: 'nothing' })).status, 404);
  const whole = lengthOf((await get(`/vod/${show}/index.m3u8`)).text);
  const part = lengthOf((await get(`/vod/${show}/clips/${goods.HONEY}.m3u8`)).text);
  for (const [body, want] of [[{}, whole], [{ product: 'HONEY' }, part]]) {
    const asked = await m.api('POST', path, body);
    assert.equal(asked.status, 202, JSON.stringify(asked.body));
    const done = await until('the file', async () => {
      const { body: d } = await m.api('GET', `${path}/${asked.body.id}`);
      assert.notEqual(d.state, 'failed', m.log.slice(-2000));
      assert.ok(d.progress >= 0 && d.progress <= 1);
      return d.state === 'done' ? d : null;
    }, 60000, 200);
    assert.equal((await fetch(`${m.http}${done.file}`)).status, 401);
    const r = await fetch(`${m.http}${done.file}`, { headers: { authorization: `Bearer ${m.token}` } });
    assert.equal(r.status, 200);
    assert.equal(r.headers.get('content-type'), 'video/mp4');
    const bytes = Buffer.from(await r.arrayBuffer());
    assert.equal(bytes.length, done.bytes);
    const found = await probe(bytes);
    assert.deepEqual(found.codecs, ['aac', 'h264']);
    assert.ok(Math.abs(found.duration - want) < 0.5, `${found.duration} s of ${want}`);
    assert.equal(found.stderr, '');
    assert.equal((await m.api('DELETE', `${path}/${done.id}`)).status, 204);
    assert.equal((await m.api('GET', `${path}/${done.id}`)).status, 404);
  }
  assert.deepEqual(await readdir(join(m.dir, 'data/tmp/downloads')), []);
});

test('a server without ffmpeg says so', async () => {
  const bare = await Mediad.start({ env: { PATH: '/nowhere' } });
  try {
    const { status, body } = await bare.api('POST', '/shows/any/download', {});
    assert.equal(status, 501);
    assert.match(body.detail, /ffmpeg/);
  } finally {
    await bare.stop();
  }
});
