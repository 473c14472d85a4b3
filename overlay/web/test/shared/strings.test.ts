import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { faults, sectionsOf, tableIn, unused } from '../../build/strings.mjs';

const table = tableIn('strings');
const said = JSON.parse(readFileSync('strings/said-by-server.json', 'utf8')) as Record<string, Record<string, Record<string, string>>>;
const texts = (dir: string, end: string): string[] =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith(end) && !f.startsWith('generated')).map((f) => readFileSync(join(dir, f), 'utf8'));

describe('the table of strings', () => {
  it('has each phrase in both languages, with the same holes, under a name of its own', () => assert.deepEqual(faults(table), []));
  for (const section of sectionsOf(table)) {
    const [, part] = section.split('studio-');
    it(`has no phrase of ${section} that nothing says`, () => assert.deepEqual(unused(table, section, texts(part ? `src/studio/${part}` : 'src', '.ts')), []));
  }
  it('has no phrase of the pages that no page says', () => {
    assert.deepEqual(unused(table, 'page', [...texts('pages', '.html'), ...['pages.go', 'card.go', 'privacy.go'].map((f) => readFileSync(f, 'utf8'))]), []);
  });
  it('translates what the server says, with the same hole or none', () => {
    for (const [kind, hole] of [['events', 'reason'], ['reasons', ''], ['warnings', 'n']] as const) {
      for (const [code, phrase] of Object.entries(said[kind] ?? {})) {
        assert.ok(phrase['zh']?.trim(), `${kind} ${code} has no zh`);
        for (const [, name] of (phrase['zh'] ?? '').matchAll(/\{(\w*)\}/g)) assert.equal(name, hole, `${kind} ${code}`);
      }
    }
  });
  it('translates errors with no more holes than the server fills', () => {
    for (const [pattern, phrase] of Object.entries<Record<string, string>>(table['errors-by-server'] as Record<string, Record<string, string>>)) {
      const filled = pattern.match(/%(?:[qdsvc]|04X)/g)?.length ?? 0;
      for (const l of ['en', 'zh']) {
        if (l !== 'en' || l in phrase) assert.ok(phrase[l]?.trim(), `${pattern} has no ${l}`); // English people read the server's own words
        for (const [, n] of (phrase[l] ?? '').matchAll(/\{(\w*)\}/g)) assert.ok(Number(n) >= 1 && Number(n) <= filled, `${pattern}: {${n}}`);
      }
    }
  });
});

describe('the rules of the table', () => {
  const rules = (product: object, page: object = {}): string[] => faults({ product, player: {}, watch: {}, operator: {}, page });
  it('find a language that is missing', () => assert.deepEqual(rules({ buy: { en: 'Buy' } }), ['product.buy has no zh']));
  it('find a hole that is missing', () => assert.deepEqual(rules({ n: { en: '{n} min', zh: '分' } }), ['product.n has other holes in other languages: n / ']));
  it('find a name that is used twice', () => assert.deepEqual(rules({ buy: { en: 'Buy', zh: '买' } }, { buy: { en: 'To the shop', zh: '去商店' } }), ['page.buy: product.buy has this name']));
  it('let two parts of the studio have the same name', () => assert.deepEqual(faults({ 'studio-rooms': { add: { en: 'Add', zh: '添加' } }, 'studio-shows': { add: { en: 'Plan', zh: '计划' } } }), []));
  it('find a phrase that is there twice', () => assert.deepEqual(rules({ a: { en: 'Buy', zh: '买' }, b: { en: 'Buy', zh: '买' } }), ['product.b says what product.a says']));
  it('find what nothing says', () => {
    const t = { watch: { used: {}, said: {}, idle: {} } };
    assert.deepEqual(unused(t, 'watch', ['html`${text.used} other.idle context.idle`', '{{.Say.said}}']), ['idle']);
  });
});
