import { html, nothing, type TemplateResult } from 'lit';
import table from '../generated/strings/dock-next.ts';
import { inLanguage, say } from '../shared/language.ts';
import { home } from '../shared/server.ts';
import { clock } from '../shared/times.ts';
import type { Desk } from './desk.ts';

/** The show that is planned next, in words. It comes when the dock stands: it is more than a show on air needs. */

const day = 86_400_000;
const early = day / 8; // overlay.PlannedEarly: from then on a broadcast takes the show, and what is shown is its own

/** Links for who waits: the run of show of the show that comes, or, where none is planned, what gets one on air. */
export function wayOn({ next, phase, room }: Pick<Desk, 'next' | 'phase' | 'room'>, locale: string): TemplateResult | typeof nothing {
  if (phase !== 'before') return nothing;
  const words = inLanguage(table, locale);
  const link = (route: string, what: string): TemplateResult => html`<a class="button" href="${home}/studio#/${route}" target="_blank" rel="noopener">${what}</a>`;
  const setUp = `rooms/${encodeURIComponent(room)}`;
  return html`<p class="acts">${next?.id ? link(`shows/${encodeURIComponent(next.id)}`, words.nextOpen) : html`${link(setUp, words.nextSetUp)}${link('shows', words.nextPlan)}`}</p>`;
}

/** What the phase means, and which show comes next. Long before a show what is said of the products that are shown now is left out: they are not that show's. */
export function withNext({ next, phase }: Pick<Desk, 'next' | 'phase'>, now: number, means: string, locale: string): string {
  const at = new Date(next?.starts_at ?? '');
  const ms = at.getTime() - now;
  if (!next || Number.isNaN(ms)) return means;
  const words = inLanguage(table, locale);
  const when = new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);
  const relative = new Intl.RelativeTimeFormat(locale);
  const t = ms >= day ? relative.format(Math.floor(ms / day), 'day') : ms < 0 ? relative.format(Math.ceil(ms / 60_000), 'minute') : say(words.nextIn, { t: clock(ms) });
  const line = say(next.rehearsal ? words.nextRehearsal : words.nextPlanned, { show: next.title, when, t });
  const far = ms > early ? words.nextLater : '';
  return (phase === 'ended' ? [means, line, far] : [line, far || means]).filter(Boolean).join(' ');
}
