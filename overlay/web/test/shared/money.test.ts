import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { discount, money } from '../../src/shared/money.ts';

describe('money', () => {
  const cases: [unknown, unknown, string, string][] = [
    [4990, 'CNY', 'zh-CN', '¥49.90'],
    [4990, 'CNY', 'en', 'CN¥49.90'],
    [1980, 'JPY', 'ja', '￥1,980'],
    [1980, 'JPY', 'en', '¥1,980'],
    [1200, 'USD', 'en', '$12.00'],
    [1234567, 'EUR', 'de', '12.345,67 €'],
    [4990, 'KWD', 'en', 'KWD 4.990'],
    [5000, 'KWD', 'en', 'KWD 5.000'],
    // Whose minor unit browsers leave out, or count otherwise than ISO 4217.
    [4990000, 'IDR', 'en', 'IDR 49,900'],
    [4990050, 'IDR', 'en', 'IDR 49,900.50'],
    [4990000, 'IDR', 'id', 'Rp 49.900'],
    [499000, 'HUF', 'hu', '4990 Ft'],
    [4990000, 'COP', 'es-CO', '$ 49.900'],
    [4990000, 'IQD', 'en', 'IQD 4,990'],
    [12345, 'LAK', 'en', 'LAK 123.45'],
    [1234567, 'CLF', 'en', 'CLF 123.4567'],
    [300, 'ISK', 'en', 'ISK 300'],
    [300, 'UGX', 'en', 'UGX 300'],
    [0, 'CNY', 'zh-CN', '¥0.00'],
    [9007199254740991, 'JPY', 'en', '¥9,007,199,254,740,991'],
    [49.9, 'CNY', 'en', ''],
    ['4990', 'CNY', 'en', ''],
    [undefined, 'CNY', 'en', ''],
    [4990, 'cash', 'en', ''],
    [4990, undefined, 'en', ''],
  ];
  for (const [minor, currency, locale, want] of cases) {
    it(`${minor} ${currency} in ${locale}`, () => {
      assert.equal(money(minor, currency, locale).replace(/[\u00a0\u202f]/g, ' '), want);
    });
  }
});

it('takes the digits from the server where it says them', () => {
  assert.equal(money(12345, 'XTS', 'en', 3).replace(/\u00a0/g, ' '), 'XTS 12.345');
  assert.equal(money(4990, 'JPY', 'en', 0), '¥4,990');
  for (const bad of [-1, 1.5, '2', null, 99]) assert.equal(money(4990, 'USD', 'en', bad), '$49.90');
});

describe('discount', () => {
  it('never claims more than there is', () => {
    assert.equal(discount(3990, 6900, 'en'), '-42%'); // 42.17 %
    assert.equal(discount(5001, 10000, 'en'), '-49%'); // 49.99 %
    assert.equal(discount(9999, 10000, 'en'), '');
    assert.equal(discount(100, 100, 'en'), '');
    assert.equal(discount(200, 100, 'en'), '');
    assert.equal(discount(100, null, 'en'), '');
    assert.equal(discount(undefined, 100, 'en'), '');
    assert.equal(discount(1.5, 3, 'en'), '');
  });
  it('claims all that there is', () => {
    const cases: [number, number, string][] = [
      [80, 100, '-20%'],
      [90, 100, '-10%'],
      [2, 3, '-33%'],
      [1, 3, '-66%'],
      [99, 100, '-1%'],
      [0, 100, '-100%'],
      [7200, 8000, '-10%'],
      [4503599627370496, 9007199254740991, '-49%'],
    ];
    for (const [price, list, want] of cases) assert.equal(discount(price, list, 'en'), want, `${price} of ${list}`);
    // Each whole percent, at several sizes of price.
    for (const size of [1, 10, 37, 1e6]) {
      for (let off = 1; off <= 100; off++) assert.equal(discount((100 - off) * size, 100 * size, 'en'), `-${off}%`);
    }
  });
});
