import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { frameCode, isOwnMachine, larixLink, scriptCode, shownAt } from '../../src/studio/rooms/code.ts';
import { choices, keptWords } from '../../src/studio/rooms/kept.ts';
import { slugFor } from '../../src/studio/rooms/slug.ts';
import { endedWords, lastOf } from '../../src/studio/rooms/words.ts';
import table from '../../src/generated/strings/studio-rooms.ts';

describe('the address of a new room', () => {
  for (const [title, want] of [
    ['Corn Town', 'corn-town'], ['Käse & Brot – live!', 'kase-brot-live'], ['  ', ''], ['玉米小镇', 'room-5500'], ['茶 A', 'room-5500'], ['--', 'room-5500'],
    ['x'.repeat(60), 'x'.repeat(40)], ['1'.repeat(39) + ' 22', '1'.repeat(39)],
  ] as const) it(`of “${title.slice(0, 20)}”`, () => {
    const slug = slugFor(title, () => 0.5);
    assert.equal(slug, want);
    assert.match(slug || 'x', /^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$/);
  });
});

it('tells an address that nobody else can open', () => {
  for (const own of ['rtmp://localhost/live', 'http://localhost:8080/watch/corn', 'https://127.0.0.1/watch/corn', 'http://[::1]:8080/']) assert.equal(isOwnMachine(own), true, own);
  for (const other of ['rtmp://live.example/live', 'http://192.168.1.7:8080/watch/corn', 'https://localhost.example/']) assert.equal(isOwnMachine(other), false, other);
});

it('shows a host the player as a preview, which counts as no viewer', () => {
  assert.equal(shownAt('https://h/embed/corn', 'en-GB'), 'https://h/embed/corn?lang=en-GB&preview=1');
});

describe('the code for another page', () => {
  const pages = { watch: '', dock: '', code: '', embed: 'https://h/embed/corn?a="b"&c', script: 'https://h/embed.js' };
  const room = { slug: 'corn', title: 'Corn "Town" <b>', pages };
  it('keeps a title and an address within their quotes', () => {
    assert.match(frameCode(room, ''), /src="https:\/\/h\/embed\/corn\?a=&quot;b&quot;&amp;c" title="Corn &quot;Town&quot; &lt;b&gt;"/);
    assert.match(frameCode(room, 'dark'), /corn\?a=&quot;b&quot;&amp;c&amp;theme=dark"/);
  });
  it('has a theme where one is wished for', () => {
    assert.equal(scriptCode(room, ''), '<script type="module" src="https://h/embed.js"></script>\n<mediad-player room="corn"></mediad-player>');
    assert.match(scriptCode(room, 'dark'), /room="corn" theme="dark">/);
  });
});

describe('the show that ended last', () => {
  const [at, later] = [new Date(2026, 2, 4, 18, 30), new Date(2026, 2, 4, 20, 5)];
  const show = (id: string, ended?: Date) => ({ id, title: 'Tea', started: ended && at.toISOString(), ended: ended?.toISOString() }) as Parameters<typeof lastOf>[0][number];
  const language = { locale: 'en-GB', in: (t: { en: unknown }) => t.en } as unknown as Parameters<typeof endedWords>[2];
  it('is not the one that was planned last', () => {
    assert.equal(lastOf([show('C'), show('B', at), show('A', later)])?.id, 'A');
    assert.equal(lastOf([show('C')]), null);
  });
  it('is told with its time, and from the next day on with its date', () => {
    assert.equal(endedWords(show('A', later), later.getTime() + 60_000, language), '“Tea” ended at 20:05.');
    assert.equal(endedWords(show('A', later), later.getTime() + 86_400_000, language), 'The last show, “Tea”, ended on Wed 4 Mar, 20:05.');
  });
});

describe('how long recordings are kept', () => {
  const { en } = table;
  for (const [text, want] of [['default', en.keepDefault], ['forever', en.keepForever], ['720h', 'For 30 days'], ['8760h', 'For 365 days'], ['90m', 'For 1.5 hours'], ['36h', 'For 1.5 days']] as const) {
    it(text, () => assert.equal(keptWords(text, en, 'en'), want));
  }
  it('offers what a program has set, too', () => assert.deepEqual(choices('90m').slice(-1), ['90m']));
});

describe('the link for a phone', () => {
  it('has server and key in one address, and the name of the room', () => {
    const { protocol, searchParams } = new URL(larixLink('rtmp://live.example/live/KEY&1', 'Tea & corn 茶'));
    assert.deepEqual([protocol, ...searchParams], ['larix:', ['conn[][url]', 'rtmp://live.example/live/KEY&1'], ['conn[][name]', 'Tea & corn 茶'], ['conn[][mode]', 'av']]);
  });
});
