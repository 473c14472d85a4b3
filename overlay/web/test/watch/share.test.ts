import assert from 'node:assert/strict';
import { test } from 'node:test';
import { embedOf } from '../../src/watch/share.ts';

test('the codes of a room become those of a show', () => {
  assert.equal(embedOf('01J', '<script type="module" src="https://h/embed.js"></script>\n<mediad-player room="demo"></mediad-player>'),
    '<script type="module" src="https://h/embed.js"></script>\n<mediad-player room="demo" show="01J"></mediad-player>');
  assert.equal(embedOf('01J', '<iframe src="https://h/shop/embed/demo" title="A src="></iframe>'), '<iframe src="https://h/shop/embed/demo?show=01J" title="A src="></iframe>');
  // One that names its show stays.
  assert.equal(embedOf('01K', '<iframe src="https://h/embed/demo?show=01J"></iframe>'), '<iframe src="https://h/embed/demo?show=01J"></iframe>');
});
