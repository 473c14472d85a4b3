import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withNext } from '../../src/dock/next.ts';

describe('the show that comes next', () => {
  const at = new Date(2026, 11, 1, 20, 0);
  const told = (before: number, { locale = 'en-GB', phase = 'before', rehearsal = false }: { locale?: string; phase?: 'before' | 'ended'; rehearsal?: boolean } = {}) =>
    withNext({ next: { id: 'S', title: 'Tea', starts_at: at.toISOString(), rehearsal }, phase }, at.getTime() - before, 'Means.', locale);
  const hour = 3_600_000;
  it('is told with its time, and says when its run of show comes', () => {
    assert.equal(told(24 * hour - 360_000), 'Next show: Tea, Tue 1 Dec, 20:00 (in 23:54:00). Its run of show comes here 3 hours before.');
    assert.equal(told(50 * hour), 'Next show: Tea, Tue 1 Dec, 20:00 (in 2 days). Its run of show comes here 3 hours before.');
    assert.match(told(50 * hour, { locale: 'zh-CN' }), /^下一场：Tea，.*20:00 开播，2天后。 其商品顺序/);
  });
  it('has its run of show here from three hours before on', () => {
    assert.equal(told(3 * hour), 'Next show: Tea, Tue 1 Dec, 20:00 (in 3:00:00). Means.');
    assert.match(told(3 * hour + 1000), /3 hours before\.$/);
  });
  it('stands after what is said of a show that has ended', () => assert.match(told(hour, { phase: 'ended' }), /^Means\. Next show: Tea/));
  it('may be late, and may be a rehearsal', () => {
    assert.equal(told(-600_000), 'Next show: Tea, Tue 1 Dec, 20:00 (10 minutes ago). Means.');
    assert.match(told(hour, { rehearsal: true }), /^Next rehearsal: Tea/);
  });
  it('is not told where none is planned', () => assert.equal(withNext({ next: undefined, phase: 'before' }, 0, 'Means.', 'en'), 'Means.'));
});
