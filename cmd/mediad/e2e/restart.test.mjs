// kill -9 and restart while the publisher reconnects: the same page goes on.
import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { launch } from './lib/browser.mjs';
import { ends } from './lib/ending.mjs';
import { Mediad, sleep, until } from './lib/mediad.mjs';
import { count, get, number, uris } from './lib/playlist.mjs';
import { clip, push } from './lib/publisher.mjs';
import { card, listen, playing } from './lib/watching.mjs';

let m, browser, publisher;
before(async () => {
  m = ends(await Mediad.start());
  browser = ends(await launch());
});

test('kill -9', async () => {
  const file = await clip({ seconds: 60, fps: 30, gop: 2 });
  const { body: corn } = await m.api('POST', '/products', { sku: 'CORN', title: 'Corn', price: 100, currency: 'EUR' });
  publisher = ends(push(file, `${m.rtmp}/${m.key}`));
  const url = await m.mediaPlaylist();
  assert.equal((await m.api('POST', '/rooms/demo/pins', { product: corn.id })).status, 201);

  const context = await browser.newContext();
  await listen(context);
  const page = await context.newPage();
  let loads = 0;
  page.on('load', () => loads++);
  await page.goto(`${m.http}/watch/demo`);
  await playing(page);
  await until('the card', () => card(page));
  const sequence = async () => number(await get(url), 'MEDIA-SEQUENCE');
  const before = await sequence();

  for (let round = 0; round < 2; round++) {
    const told = await listed(url);
    await m.signal('SIGKILL');
    await publisher.exited;
    await m.launch();
    await goesOn(url, told);
    publisher = ends(push(file, `${m.rtmp}/${m.key}`));
    const mark = await page.evaluate(() => window.seen.positions.length);
    await until('the page plays on', () => page.evaluate((mark) => {
      const p = window.seen.positions.slice(mark);
      return p.length > 20 && p.at(-1).at !== p.at(-10).at && p.at(-10).at !== p.at(-20).at;
    }, mark), 40000);
    await until('the card is still there', async () => (await card(page))?.id === corn.id);
  }
  assert.ok((await sequence()) >= before, 'the media sequence went back');
  assert.equal(loads, 1, 'the page was loaded again');

  // A cue lands on the new publisher's frames.
  const cue = await m.api('POST', '/rooms/demo/cues', { kind: 'custom', data: { again: true } });
  assert.equal(cue.status, 201);
  // The answer waits for the picture for a short time only: a busy machine may take longer.
  await until('the cue lands', async () => cue.body.landed ?? (await m.api('GET', `/rooms/demo/cues/${cue.body.id}`)).body.landed);
  await until('the cue fires', () => page.evaluate((seq) => window.seen.cues.some((c) => c.cue.seq === seq && c.cue.kind === 'custom'), cue.body.seq), 20000);
});

/** What a media playlist lists, and the bytes of its segments. */
async function listed(url) {
  const text = await (await fetch(url)).text();
  const out = { text, first: number(text, 'MEDIA-SEQUENCE'), segments: [], parts: [] };
  let gap = false;
  for (const line of text.split('\n')) {
    if (line === '#EXT-X-GAP') gap = true;
    const part = /#EXT-X-PART:.*URI="([^"]+)"/.exec(line);
    if (part && !/GAP=YES/.test(line)) out.parts.push(part[1]);
    if (!line || line.startsWith('#')) continue;
    const r = gap ? null : await fetch(new URL(line, url));
    if (r) assert.equal(r.status, 200, line);
    out.segments.push({ name: line, gap, body: r && Buffer.from(await r.arrayBuffer()) });
    gap = false;
  }
  return out;
}

/** After a crash the same URL lists the same past, and numbers go on right behind it. */
async function goesOn(url, told) {
  const now = await listed(url);
  assert.ok(now.first >= told.first && now.first < told.first + told.segments.length, `from ${told.first} to ${now.first}`);
  for (const [i, s] of now.segments.entries()) assert.equal(s.name, `${now.first + i}.ts`, 'numbers have a hole');
  for (const s of told.segments) {
    const again = now.segments.find((n) => n.name === s.name);
    if (!again) continue; // it left the window
    assert.equal(again.gap, s.gap, s.name);
    if (!s.gap) assert.ok(again.body.equals(s.body), `${s.name} has other bytes`);
  }
  // The listed parts can be fetched, except the last one at most.
  let lost = 0;
  for (const name of told.parts) if ((await fetch(new URL(name, url))).status !== 200) lost++;
  assert.ok(lost <= 1, `${lost} parts were lost`);
}

test('SIGTERM closes the segment, writes no ENDLIST, and the next start goes on', async () => {
  const url = await m.mediaPlaylist();
  const told = await listed(url);
  const next = told.first + told.segments.length;
  const waiter = fetch(`${url}?_HLS_msn=${next + 1}`).then((r) => r.status);
  await sleep(0.3);
  const asked = Date.now();
  const { code } = await m.signal('SIGTERM');
  assert.equal(code, 0, m.log);
  await publisher.exited;
  assert.ok([200, 503].includes(await waiter), 'who waited got no answer');
  // The open segment was closed and stored: the plain playlist reaches to the end.
  const stored = join(m.dir, 'data/objects/live/demo');
  const plain = await readFile(join(stored, 'index.m3u8'), 'utf8');
  assert.doesNotMatch(plain, /ENDLIST/);
  await access(join(stored, plain.trim().split('\n').at(-1)));
  const [, date, length] = [...plain.matchAll(/PROGRAM-DATE-TIME:(.*)\n#EXTINF:([\d.]+)/g)].at(-1);
  assert.ok(asked - (Date.parse(date) + length * 1000) < 1000, `the last segment ends at ${date} + ${length} s, long before ${new Date(asked).toISOString()}`);
  await m.launch();
  await goesOn(url, told);
  publisher = ends(push(await clip({ seconds: 60, fps: 30, gop: 2 }), `${m.rtmp}/${m.key}`));
  assert.equal(await m.mediaPlaylist(), url);
  const breaks = (text) => number(text, 'DISCONTINUITY-SEQUENCE') + count(text, 'DISCONTINUITY');
  const text = await until('the return', async () => { const t = await get(url); return breaks(t) > breaks(told.text) && t; });
  assert.doesNotMatch(text, /ENDLIST/);
});

test('unpublishing ends the broadcast, and the replay is there', async () => {
  const url = await m.mediaPlaylist();
  const { body: room } = await m.api('GET', '/rooms/demo');
  await publisher.stop();
  await until('ENDLIST', async () => /#EXT-X-ENDLIST/.test(await (await fetch(url)).text()));
  await m.offAir();
  const replay = await until('the replay', async () => {
    const r = await fetch(`${m.http}/vod/${room.show.id}/index.m3u8`);
    return r.ok ? r.text() : null;
  });
  assert.match(replay, /PLAYLIST-TYPE:VOD/);
  for (const uri of uris(replay)) {
    const r = await fetch(new URL(uri, m.http), { method: 'HEAD' });
    assert.equal(r.status, 200, uri);
  }
});
