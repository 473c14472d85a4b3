import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Org } from '../../src/studio/context.ts';
import { nested } from '../../src/studio/frame/orgs.ts';
import { may } from '../../src/shared/may.ts';
import { ago } from '../../src/studio/parts/when.ts';
import { translated } from '../../src/shared/refusals.ts';

const org = (id: string, name: string, parent?: string): Org => ({ id, name, kind: 'merchant', created: '2026-01-01T00:00:00Z', ...(parent ? { parent } : {}) });

describe('organisations', () => {
  it('stand below their own, by name', () => {
    const all = [org('3', 'Tea', '1'), org('2', 'Corn', '1'), org('1', 'Agency'), org('4', 'Black tea', '3')];
    assert.deepEqual(nested(all).map(({ org: o, depth }) => `${depth} ${o.name}`), ['0 Agency', '1 Corn', '1 Tea', '2 Black tea']);
  });
  it('stand first where one has no role in what is above', () => assert.deepEqual(nested([org('9', 'Tea', 'hidden')]).map(({ depth }) => depth), [0]));
});

describe('what one may do', () => {
  const host = { org: 'tea', role: 'host' as const, may: ['read', 'run'] as ('read' | 'run')[] };
  it('is what the role allows in that organisation', () => {
    assert.ok(may([host], 'run', 'tea'));
    assert.ok(may([{ ...host, org: '' }], 'run', 'tea'));
    assert.ok(!may([host], 'run', 'corn'));
    assert.ok(!may([host], 'people', 'tea'));
    assert.ok(!may(null, 'read', 'tea'));
  });
  it('is for its rooms alone where the role names some', () => {
    const one = [{ ...host, rooms: ['demo'] }];
    assert.ok(may(one, 'run', 'tea', 'demo'));
    assert.ok(!may(one, 'run', 'tea', 'other'));
  });
});

describe("the server's errors", () => {
  const table = { 'password: must have at least %d characters': '至少 {1} 个', '%s: has %d characters, at most %d are allowed': '{2}/{3}', 'a (b)?': 'plain' };
  it('are known by their patterns', () => {
    assert.equal(translated('password: must have at least 10 characters', table), '至少 10 个');
    assert.equal(translated('name: has 200 characters, at most 100 are allowed', table), '200/100');
    assert.equal(translated('a (b)?', table), 'plain');
  });
  it('show values as people write them, and in the language where they are words of the server', () => {
    const nested = { 'sku: there is a product %q already': '已有“{1}”', 'the import has failed: %s': '导入失败：{1}', 'the file is empty': '文件是空的', '%s: is missing': '缺少 {1}', 'price: is missing': '缺少价格', 'has a control character (U+%04X)': '含控制字符 {1}', 'is not written like a number': '不是数字' };
    assert.equal(translated('sku: there is a product "TEA \\"5\\"" already', nested), '已有“TEA "5"”');
    assert.equal(translated('the import has failed: the file is empty', nested), '导入失败：文件是空的');
    assert.equal(translated('price: is missing', nested), '缺少价格');
    assert.equal(translated('price: "12x" is not written like a number', nested), 'price: "12x" 不是数字');
    assert.equal(translated('variants[0].sku: has a control character (U+0007)', nested), 'variants[0].sku: 含控制字符 0007');
  });
  it('end a quoted value with its quotes, so that what stands before them is no part of it', () => {
    assert.equal(translated('price: "x" is not a price', { '%q is not a price': '“{1}”不是价格' }), 'price: “x”不是价格');
  });
  it('are not taken for others', () => {
    assert.equal(translated('a b', table), '');
    assert.equal(translated('', table), '');
  });
});

describe('how long ago', () => {
  const now = Date.parse('2026-11-29T12:00:00Z');
  it('is said in the largest unit that fits', () => {
    assert.equal(ago('2026-11-29T11:57:00Z', 'en', now), '3 minutes ago');
    assert.equal(ago('2026-11-28T11:00:00Z', 'en', now), 'yesterday');
    assert.equal(ago('2026-11-29T11:59:50Z', 'en', now), 'this minute');
  });
});
