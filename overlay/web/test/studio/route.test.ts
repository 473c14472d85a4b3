import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hashOf, linkOf, routeOf } from '../../src/studio/route.ts';

describe('the route of the studio', () => {
  it('is a section, and what is behind it', () => {
    assert.deepEqual(routeOf('#/rooms/demo/key'), { section: 'rooms', rest: ['demo', 'key'] });
    assert.deepEqual(routeOf('#/shows/%E7%8E%89'), { section: 'shows', rest: ['玉'] });
  });
  it('is none where the address has none, or nonsense', () => {
    for (const hash of ['', '#', '#/', '#x', '#invitation=abc']) assert.deepEqual(routeOf(hash), { section: '', rest: [] });
    assert.deepEqual(routeOf('#/%E7'), { section: '%E7', rest: [] });
  });
  it('is written as it is read', () => assert.deepEqual(routeOf(hashOf('people/01J')), { section: 'people', rest: ['01J'] }));
});

describe('a link', () => {
  it('of an invitation, a new password or the first start has a secret', () => {
    assert.deepEqual(linkOf('#invitation=a_B-1'), { kind: 'invitation', secret: 'a_B-1' });
    assert.deepEqual(linkOf('#password=x'), { kind: 'password', secret: 'x' });
    assert.deepEqual(linkOf('#setup=x'), { kind: 'setup', secret: 'x' });
  });
  it('is none without one', () => {
    for (const hash of ['#/people', '#invitation=', '#other=x', '#invitation=a b', '']) assert.equal(linkOf(hash), undefined);
  });
});
