// The dock beside a real OBS: the scene that the host goes to shows its product to viewers.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { connect as dial, createServer } from 'node:net';
import { before, test } from 'node:test';
import { axe } from './lib/axe.mjs';
import { fit } from './lib/fit.mjs';
import { launch } from './lib/browser.mjs';
import { ends } from './lib/ending.mjs';
import { Mediad, says, until } from './lib/mediad.mjs';
import { startOBS } from './lib/obs.mjs';
import { get, number, uris } from './lib/playlist.mjs';

const late = 2000; // ms that the way from OBS to the server takes

/** A line to the server that is slow: what OBS sends arrives later. */
async function slowLine(to) {
  const server = createServer((from) => {
    const up = dial(Number(new URL(to).port), '127.0.0.1');
    from.on('data', (bytes) => setTimeout(() => up.write(bytes), late));
    up.pipe(from);
    for (const [a, b] of [[from, up], [up, from]]) a.on('error', () => b.destroy()).on('close', () => setTimeout(() => b.destroy(), late));
  });
  await new Promise((ok) => server.listen(0, '127.0.0.1', ok));
  ends({ close: () => server.close() });
  return `rtmp://127.0.0.1:${server.address().port}${new URL(to).pathname}`;
}

let m, obs, dock, viewer;
before(async () => {
  m = ends(await Mediad.start({ config: { hls: { reconnect: '60s' } } }));
  for (const [sku, title] of [['CORN', 'Sweet corn'], ['TEA', 'Green tea']]) {
    assert.equal((await m.api('POST', '/products', { sku, title, price: 4990, currency: 'CNY' })).status, 201);
  }
  const browser = ends(await launch());
  const open = async (path) => {
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' })).newPage();
    await page.goto(m.http + path);
    return page;
  };
  const { body } = await m.api('POST', '/tokens', { name: 'OBS', role: 'host', org: 'home', rooms: ['demo'] });
  dock = await open(`/dock/demo#t=${body.token}`);
  viewer = await open('/watch/demo');
  await dock.waitForSelector('.dock[data-state=sync]');
});

const panel = () => dock.innerText('.obs');
const shown = () => dock.locator('.now .card h3').allInnerTexts().then((all) => all.join());
const connect = async (password) => {
  await dock.fill('#obs-password', password);
  await dock.keyboard.press('Enter');
};

/** Goes to the scene of a product. `timecode` is where its cue lies in OBS's output, `between` what OBS said before and after, `seen` how many ms behind it the picture turns yellow, or away from it. */
async function showing(scene, yellow) {
  const made = dock.waitForResponse((r) => r.url().endsWith('/pins') && r.request().method() === 'POST' && r.ok());
  const { outputDuration: before } = await obs.status();
  await obs.scene(scene);
  const { id } = await (await made).json();
  const between = [before, (await obs.status()).outputDuration];
  const landed = await until('the cue lands', async () => (await m.api('GET', `/rooms/demo/cues/${id}`)).body.landed, 30000);
  const list = await m.mediaPlaylist();
  const around = await until('the pictures around it', async () => {
    const text = await get(list);
    const first = number(text, 'MEDIA-SEQUENCE');
    const segments = uris(text).filter((u) => !u.includes('part')).map((u, i) => ({ n: first + i, url: new URL(u, list).href })).filter((s) => Math.abs(s.n - landed.segment) <= 1);
    return segments.some((s) => s.n > landed.segment) && segments;
  }, 30000);
  const pictures = await colours(Buffer.concat(await Promise.all(around.map(async (s) => Buffer.from(await (await fetch(s.url)).arrayBuffer())))));
  const turned = pictures.find((p, i) => i > 0 && p.yellow === yellow && pictures[i - 1].yellow !== yellow);
  assert.ok(turned, `no picture changes its colour: ${JSON.stringify(pictures)}`);
  const { timestamp_zero: zero } = (await m.api('GET', '/rooms/demo')).body.ingest;
  return { seen: Math.round((turned.pts - landed.pts) / 90), timecode: Date.parse(landed.date) - Date.parse(zero), between };
}

/** The pictures of a transport stream: their PTS, and whether they are yellow. */
async function colours(ts) {
  const ffmpeg = spawn('ffmpeg', ['-v', 'error', '-copyts', '-i', '-', '-an', '-vf', 'signalstats,metadata=print:key=lavfi.signalstats.UAVG:file=-', '-f', 'null', '-'], { stdio: ['pipe', 'pipe', 'inherit'] });
  ffmpeg.stdin.on('error', () => {}).end(ts);
  const text = (await ffmpeg.stdout.toArray()).join('');
  return [...text.matchAll(/pts:(\d+)[^]*?UAVG=([\d.]+)/g)].map(([, pts, blue]) => ({ pts: Number(pts), yellow: Number(blue) < 90 }));
}

test('the dock looks for no OBS until the host connects it, and says what is missing', async () => {
  assert.equal(await dock.getAttribute('.obs', 'data-state'), 'off');
  await dock.click('.obs summary');
  await connect('anything');
  await dock.waitForSelector('.obs[data-state=absent]');
  assert.match(await panel(), /OBS does not answer on this computer/);
  assert.deepEqual(await axe(dock), []);
});

test('OBS streams; a wrong password is told', async () => {
  obs = ends(await startOBS({ server: await slowLine(m.rtmp), key: m.key, scenes: { 'P:TEA': 0xff208040, Welcome: 0xff804020, 'P:CORN': 0xff20c0c0, 'P:NONE': 0xff202020, Clap: 0xffffffff } }));
  await until('on air', async () => (await dock.getAttribute('.dock', 'data-phase')) === 'live', 60000);
  await connect('not the password');
  await dock.waitForSelector('.obs[data-state=refused]');
  assert.match(await panel(), /OBS does not accept this password/);
});

test('a scene named P:SKU shows its product; the one that stood there before does not', async () => {
  await connect(obs.password);
  await dock.waitForSelector('.obs[data-state=on]');
  await says(panel, /OBS is at the scene “P:TEA”/);
  await dock.click('.setup-look');
  await says(panel, /This is OBS (\d+\.){2}\d+\. Several sizes need OBS 32\.0\.1 or newer/); // Debian's is older
  await obs.scene('Welcome');
  await until('the scene is told', async () => /“Welcome”/.test(await panel()));
  assert.equal(await shown(), '', 'nobody chose the scene that was on air when the dock connected');
  await dock.waitForResponse(async (r) => r.url().endsWith('/rooms/demo') && (await r.json()).ingest?.timestamp_zero); // the first picture has come
  const { seen, timecode, between } = await showing('P:CORN', true);
  assert.ok(timecode >= between[0] && timecode <= between[1] + 40, `the cue lies at ${timecode} ms of OBS's output, which was at ${between.join(' to ')} ms when the scene came`);
  assert.ok(Math.abs(seen) < late / 2, `the card comes ${seen} ms before its picture, over a line that holds pictures up for ${late} ms`);
  await until('the product is shown', async () => (await shown()) === 'Sweet corn');
  await until('the viewer sees its card', async () => /Sweet corn/.test(await viewer.evaluate(() => document.querySelector('mediad-player')?.shadowRoot?.textContent ?? '')), 30000);
  await says(() => dock.innerText('.told'), /You showed Sweet corn/);
});

test('clapping measures how late the picture is; the room takes it, and gives it back', async () => {
  const room = async () => (await m.api('GET', '/rooms/demo')).body;
  await obs.scene('Welcome');
  await dock.focus('.clap-open');
  await dock.keyboard.press('Enter');
  await dock.waitForFunction(() => document.querySelector('.clap video')?.readyState > 2);
  await fit(dock, 'before the clap');
  const pressed = dock.waitForRequest((r) => r.url().endsWith('/cues'));
  await dock.click('.clap .count');
  await pressed;
  await obs.scene('Clap'); // white: what a host's hands are to the camera
  await dock.waitForSelector('.clap input[type=range]');
  /** Whether the picture is white at a delay. */
  const white = (seconds) => dock.evaluate(async (seconds) => {
    const [slider, video] = ['input[type=range]', 'video'].map((e) => document.querySelector(`.clap ${e}`));
    if (seconds > Number(slider.max)) return undefined;
    const there = new Promise((ok) => video.addEventListener('seeked', ok, { once: true }));
    slider.value = seconds;
    slider.dispatchEvent(new Event('input'));
    await there;
    const picture = Object.assign(document.createElement('canvas'), { width: 16, height: 9 }).getContext('2d');
    picture.drawImage(video, 0, 0, 16, 9);
    return picture.getImageData(8, 4, 1, 1).data[0] > 200;
  }, seconds);
  let found = 0;
  await until('the clap is seen', async () => {
    const seen = await white(found);
    if (seen === false) found += 0.1;
    return seen;
  }, 60000);
  assert.ok(found > late / 1000 - 0.1 && found < late / 1000 + 2.5, `${found} s, over a line that holds pictures up for ${late} ms`);
  await dock.focus('.clap input[type=range]');
  await dock.keyboard.press('ArrowRight');
  const value = Number(await dock.inputValue('.clap input[type=range]'));
  assert.ok(Math.abs(value - found - 0.02) < 0.001, `${value} after ${found}`);
  await fit(dock, 'the clap');
  await dock.click('.clap .save');
  await dock.waitForSelector('.clap .undo-delay');
  assert.deepEqual([(await room()).cue_delay, (await room()).cue_delay_own], [value, true]);
  assert.match(await dock.innerText('.clap'), /Saved: cards of this room wait \d\.\d\ds\./);
  await dock.click('.clap .undo-delay');
  await until('taken back', async () => (await room()).cue_delay_own === false);
  await dock.keyboard.press('Escape');
  assert.equal(await dock.evaluate(() => document.activeElement.className), 'clap-open');
  assert.match(await dock.innerText('.clap'), /Cards appear at once/);
});

test('a SKU that nobody has is told in words, and the next scene works again', async () => {
  await obs.scene('P:NONE');
  await dock.waitForSelector('.obs > .trouble');
  assert.match(await panel(), /OBS is at the scene P:NONE, but no product has this SKU/);
  assert.deepEqual(await axe(dock), []);
  await obs.scene('P:TEA');
  await until('tea is shown, as the newest', async () => (await shown()) === 'Green tea,Sweet corn');
  await dock.waitForSelector('.obs > .trouble', { state: 'detached' });
});

test('the password stays in the memory of the page; an OBS that goes is told', async () => {
  assert.equal(await dock.evaluate((p) => [sessionStorage, localStorage].some((s) => JSON.stringify(s).includes(p)), obs.password), false);
  await obs.stop();
  await dock.waitForSelector('.obs[data-state=lost]');
  assert.match(await panel(), /OBS no longer answers/);
  await dock.click('.obs > button');
  await dock.waitForSelector('.obs[data-state=off]');
});
