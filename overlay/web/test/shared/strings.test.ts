import assert from 'node:assert/strict';
import { it } from 'node:test';
import { languageOf } from '../../src/shared/strings.ts';

it('speaks Chinese where it is wished, English elsewhere', () => {
  assert.equal(languageOf('zh').text.buy, '立即购买');
  assert.equal(languageOf('zh-Hans-CN').text.buy, '立即购买');
  assert.equal(languageOf('en-GB').text.buy, 'Buy now');
  assert.equal(languageOf('fr').text.buy, 'Buy now');
  assert.equal(languageOf('fr').locale, 'fr');
  assert.equal(languageOf('not a language!').locale, 'en');
});

it('has each phrase in both languages', () => {
  const zh = languageOf('zh').text;
  const en = languageOf('en').text;
  assert.deepEqual(Object.keys(zh).sort(), Object.keys(en).sort());
  for (const [key, value] of Object.entries(zh)) if (typeof value === 'string') assert.ok(value.length > 0, key);
});
