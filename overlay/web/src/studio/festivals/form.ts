import { html, nothing, type TemplateResult } from 'lit';
import { say } from '../../shared/language.ts';
import { clockIn, momentIn, ownZone, zones } from '../parts/zone.ts';
import type { Festival, Words } from './words.ts';

/** What a form of a festival says. */
export interface Typed {
  readonly title: string;
  readonly description: string;
  readonly picture: string;
  readonly timezone: string;
  readonly starts_at: string;
  readonly ends_at: string;
}

/** The fields of a festival; `slug` is only asked for a new one. */
export function festivalFields(f: Festival | undefined, zone: string, slug: string | undefined, words: Words, hooks: { readonly named?: (title: string) => void; readonly slugged?: (slug: string) => void; readonly upload: TemplateResult; readonly picture: string }): TemplateResult {
  const there = f?.timezone || zone || ownZone();
  const from = f ? clockIn(new Date(f.starts_at), there) : { date: '', time: '00:00' };
  const to = f ? clockIn(new Date(f.ends_at), there) : { date: '', time: '23:59' };
  const value = (e: Event): string => (e.target as HTMLInputElement).value;
  return html`
    <label class="field wide"><span>${words.titleLabel}</span><input name="title" .value=${f?.title ?? ''} required maxlength="150" autocomplete="off" dir="auto" @input=${(e: Event) => hooks.named?.(value(e))} /></label>
    ${slug === undefined ? nothing : html`<label class="field wide"><span>${words.slugLabel}</span><input name="slug" .value=${slug} required maxlength="64" pattern="[a-z0-9]([a-z0-9\\-]*[a-z0-9])?" autocomplete="off" autocapitalize="off" spellcheck="false" dir="ltr" @input=${(e: Event) => hooks.slugged?.(value(e))} /><small>${say(words.slugWhy, { slug: slug || '…' })}</small></label>`}
    <label class="field"><span>${words.fromDate}</span><input type="date" name="from" required .value=${from.date} /></label>
    <label class="field"><span>${words.fromTime}</span><input type="time" name="fromTime" required .value=${from.time} /></label>
    <label class="field"><span>${words.toDate}</span><input type="date" name="to" required .value=${to.date} /></label>
    <label class="field"><span>${words.toTime}</span><input type="time" name="toTime" required .value=${to.time} /></label>
    <label class="field"><span>${words.zoneLabel}</span><select name="zone">${zones(there).map((z) => html`<option value=${z} ?selected=${z === there}>${z.replaceAll('_', ' ')}</option>`)}</select></label>
    <label class="field wide"><span>${words.wordsLabel}</span><textarea name="description" rows="3" maxlength="1000" dir="auto" .value=${f?.description ?? ''}></textarea></label>
    <div class="field wide"><label><span>${words.pictureLabel}</span><input name="picture" .value=${hooks.picture} maxlength="2000" autocomplete="off" dir="ltr" /></label><small>${words.pictureWhy}</small>${hooks.upload}</div>`;
}

/** What the form says; undefined: its times are none. */
export function festivalIn(data: FormData): Typed | undefined {
  const text = (name: string): string => String(data.get(name) ?? '').trim();
  const zone = text('zone');
  const [from, to] = [momentIn(text('from'), text('fromTime'), zone), momentIn(text('to'), text('toTime'), zone)];
  if (!from || !to) return undefined;
  return { title: text('title'), description: text('description'), picture: text('picture'), timezone: zone, starts_at: from.at.toISOString(), ends_at: to.at.toISOString() };
}

/** What a title gives for an address: its Latin letters and digits. */
export const slugOf = (title: string): string => title.normalize('NFKD').toLowerCase().replace(/[\u0300-\u036f]/g, '').replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 64).replace(/-+$/, '');
