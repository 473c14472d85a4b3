import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { wordsFor } from '../../src/player/words.ts';
import { inLocale, languageOf, localeFor, ownTag, say, type Phrase } from '../../src/shared/language.ts';

it('speaks Chinese where it is wished, English elsewhere', () => {
  assert.equal(wordsFor('', 'zh').text.buy, '立即购买');
  assert.equal(wordsFor('', 'zh-Hans-CN').text.buy, '立即购买');
  assert.equal(wordsFor('', 'en-GB').text.buy, 'Buy now');
  assert.equal(wordsFor('', 'fr').text.buy, 'Buy now');
  assert.equal(localeFor('fr'), 'fr');
  assert.equal(localeFor('not a language!'), 'en');
});

it('writes dates as the reader has them, in the language of the page', () => {
  assert.equal(ownTag('en', ['en-GB', 'en']), 'en-GB');
  assert.equal(ownTag('en', ['zh-CN', 'en-AU']), 'en-AU');
  assert.equal(ownTag('zh', ['en-GB', 'zh-TW']), 'zh-TW');
  assert.equal(ownTag('en', ['fr', 'enm', 'en-not a tag']), 'en');
  assert.equal(ownTag('en', []), 'en');
});

describe('say', () => {
  it('fills each hole, once or often, with what it is given and nothing else', () => {
    assert.equal(say('{at} of {of}, {at}' as Phrase<'at' | 'of'>, { at: '0:07', of: 3 }), '0:07 of 3, 0:07');
    assert.equal(say('{a}' as Phrase<'a'>, { a: '{a} $& $1' }), '{a} $& $1');
  });
});

describe('inLocale', () => {
  const titles = { de: 'Mais', 'zh-Hant': '玉米（繁）', zh: '玉米', 'pt-BR': 'Milho', ar: 'ذرة', 'x!': 'no tag', fr: '' };
  it('gives the text of the same language and script', () => {
    for (const [locale, text] of [['de', 'Mais'], ['de-AT', 'Mais'], ['zh-CN', '玉米'], ['zh', '玉米'], ['zh-TW', '玉米（繁）'], ['zh-HK', '玉米（繁）'], ['pt', 'Milho'], ['pt-PT', 'Milho'], ['AR-eg', 'ذرة']] as const) {
      assert.equal(inLocale(titles, locale), text, locale);
    }
  });
  it('gives none where there is none, and of what is no list of texts', () => {
    for (const locale of ['en', 'fr', 'ja', 'not a tag', '']) assert.equal(inLocale(titles, locale), undefined, locale);
    for (const bad of [undefined, null, 'de', 7, { de: 7 }, ['a']]) assert.equal(inLocale(bad, 'de'), undefined);
  });
  it('prefers the very tag', () => {
    assert.equal(inLocale({ en: 'Corn', 'en-GB': 'Maize' }, 'en-GB'), 'Maize');
  });
});

it('says in which language our phrases are', () => {
  assert.deepEqual(['zh-TW', 'en-GB', 'de', 'ar'].map(languageOf), ['zh-TW', 'en-GB', 'en', 'en']);
});
