import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { wordsFor } from '../../src/player/words.ts';
import { localeFor, say, type Phrase } from '../../src/shared/language.ts';

it('speaks Chinese where it is wished, English elsewhere', () => {
  assert.equal(wordsFor('', 'zh').text.buy, '立即购买');
  assert.equal(wordsFor('', 'zh-Hans-CN').text.buy, '立即购买');
  assert.equal(wordsFor('', 'en-GB').text.buy, 'Buy now');
  assert.equal(wordsFor('', 'fr').text.buy, 'Buy now');
  assert.equal(localeFor('fr'), 'fr');
  assert.equal(localeFor('not a language!'), 'en');
});

describe('say', () => {
  it('fills each hole, once or often, with what it is given and nothing else', () => {
    assert.equal(say('{at} of {of}, {at}' as Phrase<'at' | 'of'>, { at: '0:07', of: 3 }), '0:07 of 3, 0:07');
    assert.equal(say('{a}' as Phrase<'a'>, { a: '{a} $& $1' }), '{a} $& $1');
  });
});
