import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Corner } from '../../src/player/corner.ts';

it('puts the picture into the corner where the page wishes it, and not where it is seen already', () => {
  const c = new Corner(() => undefined);
  const decide = (...args: Parameters<Corner['decide']>): boolean => (c.decide(...args), c.on);
  assert.equal(decide('', true, false, false), false, 'it is in view');
  assert.equal(decide('on', true, true, false), false, 'a paused picture stays');
  assert.equal(decide('on', true, false, false), true);
  assert.equal(decide('on', true, true, false), true, 'it may be paused there');
  assert.equal(decide('on', true, false, true), false, 'it has a window of its own');
  assert.equal(decide('on', false, false, false), false, 'nothing plays');
  decide('on', true, false, false);
  c.close();
  assert.equal(decide('on', true, false, false), false, 'the viewer has closed it');
  assert.equal(decide('off', true, false, false), false);
  assert.equal(decide('on', true, false, false), true, 'the page wishes it anew');
});
