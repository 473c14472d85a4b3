import { html, nothing, type TemplateResult } from 'lit';
import { say } from '../../shared/language.ts';
import { webURL } from '../../shared/web-url.ts';
import { briefly, cityOf, clockIn, momentIn, ownZone, spelled, zones } from '../parts/zone.ts';
import { whenOf, type Show, type Words } from './words.ts';

/** What one types of a plan. It stays until it is saved or left. */
export interface Draft {
  readonly room: string;
  readonly title: string;
  readonly date: string;
  readonly time: string;
  readonly zone: string;
  readonly picture: string;
  readonly rehearsal: boolean;
  /** The show whose line-up it gets; "": an empty one. */
  readonly copy: string;
}

export const emptyDraft = (room: string, zone: string, date = ''): Draft => ({ room, title: '', date, time: date ? '20:00' : '', zone: zone || ownZone(), picture: '', rehearsal: false, copy: '' });

export function draftOf(s: Show, zone: string): Draft {
  const clock = s.starts_at ? clockIn(new Date(s.starts_at), s.timezone || zone || ownZone()) : { date: '', time: '' };
  return { room: s.room, title: s.title, ...clock, zone: s.timezone || zone || ownZone(), picture: s.picture ?? '', rehearsal: s.rehearsal === true, copy: '' };
}

/** What somebody typed on a plan, on another one that somebody else has made of it meanwhile: what was not typed is theirs. */
export function onto(d: Draft, was: Draft, now: Draft): Draft {
  const timed = d.date !== was.date || d.time !== was.time || d.zone !== was.zone;
  const { date, time, zone } = timed ? d : now;
  return { ...d, date, time, zone, title: d.title === was.title ? now.title : d.title, picture: d.picture === was.picture ? now.picture : d.picture, rehearsal: d.rehearsal === was.rehearsal ? now.rehearsal : d.rehearsal };
}

/** What is another in a plan than before, as it is now. */
export function planNews(was: Show, now: Show, words: Words, locale: string): string[] {
  return [
    was.title === now.title ? '' : say(words.nowTitle, { text: now.title }),
    was.starts_at === now.starts_at && (was.timezone ?? '') === (now.timezone ?? '') ? '' : now.starts_at ? say(words.nowTime, { time: whenOf(now, words, locale) }) : words.timeOpen,
    (was.picture ?? '') === (now.picture ?? '') ? '' : now.picture ? say(words.nowPicture, { text: now.picture }) : words.nowNoPicture,
    (was.rehearsal ?? false) === (now.rehearsal ?? false) ? '' : now.rehearsal ? words.nowRehearsal : words.nowNoRehearsal,
  ].filter(Boolean);
}

/** The moment that a draft means; undefined: none, or half of one. */
export const momentOf = (d: Draft): ReturnType<typeof momentIn> => (d.date && d.time ? momentIn(d.date, d.time, d.zone) : undefined);

/** Whether a date stands there without a time, or a time without a date. */
export const half = (d: Draft): boolean => (d.date === '') !== (d.time === '');

export interface PlanHooks {
  readonly rooms: readonly { readonly slug: string; readonly title: string }[];
  /** Shows whose line-up can be copied; undefined: it is not offered. */
  readonly former?: readonly Show[] | undefined;
  readonly base: string;
  /** What of it cannot change any more. */
  readonly begun: boolean;
  edit(d: Draft): void;
  /** The way to upload a picture, which is told to `take`. */
  upload(take: (path: string) => void): TemplateResult;
}

export function planFields(d: Draft, words: Words, locale: string, hooks: PlanHooks): TemplateResult {
  const set = (name: keyof Draft) => (e: Event): void => hooks.edit({ ...d, [name]: (e.target as HTMLInputElement).value });
  const image = d.picture ? webURL(d.picture, hooks.base) : '';
  return html`
    ${hooks.former
      ? html`<label class="field wide"><span>${words.planRoom}</span><select name="room" required .value=${d.room} @change=${set('room')}>
          ${hooks.rooms.map((r) => html`<option value=${r.slug} ?selected=${r.slug === d.room}>${r.title}</option>`)}</select></label>`
      : nothing}
    <label class="field wide"><span>${words.planTitle}</span><input name="title" maxlength="150" autocomplete="off" .value=${d.title} @input=${set('title')} aria-describedby="plan-title-why" /><small id="plan-title-why">${words.planTitleWhy}</small></label>
    <label class="field"><span>${words.planDate}</span><input type="date" name="date" .value=${d.date} ?disabled=${hooks.begun} @input=${set('date')} /></label>
    <label class="field"><span>${words.planTime}</span><input type="time" name="time" .value=${d.time} ?disabled=${hooks.begun} @input=${set('time')} /></label>
    <label class="field wide"><span>${words.planZone}</span><select name="zone" ?disabled=${hooks.begun} @change=${set('zone')}>
      ${zones(d.zone).map((z) => html`<option value=${z} ?selected=${z === d.zone}>${z.replaceAll('_', ' ').replaceAll('/', ' / ')}</option>`)}</select></label>
    <p class="wide said" role="status">${saidTime(d, words, locale)}</p>
    <label class="field wide"><span>${words.planPicture}</span><input name="picture" inputmode="url" dir="ltr" autocomplete="off" placeholder="https://" .value=${d.picture} @input=${set('picture')} aria-describedby="plan-picture-why" /><small id="plan-picture-why">${words.planPictureWhy}</small></label>
    <div class="wide">${hooks.upload((picture) => hooks.edit({ ...d, picture }))}</div>
    ${image ? html`<img class="wide shot" src=${image} alt="" referrerpolicy="no-referrer" />` : nothing}
    <label class="check wide"><input type="checkbox" name="rehearsal" .checked=${d.rehearsal} ?disabled=${hooks.begun} @change=${(e: Event) => hooks.edit({ ...d, rehearsal: (e.target as HTMLInputElement).checked })} /><span>${words.planRehearsal}<br /><small class="soft">${words.planRehearsalWhy}</small></span></label>
    ${hooks.former?.length
      ? html`<label class="field wide"><span>${words.planCopy}</span><select name="copy" @change=${set('copy')}>
          <option value="">${words.planCopyNone}</option>
          ${hooks.former.map((s) => html`<option value=${s.id} ?selected=${s.id === d.copy}>${formerName(s, locale)}</option>`)}</select></label>`
      : nothing}`;
}

/** "Harvest · 3 Dec 2026". */
export function formerName(s: Show, locale: string): string {
  const at = s.started ?? s.starts_at;
  return at ? `${s.title} · ${new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: s.timezone || undefined }).format(new Date(at))}` : s.title;
}

/** The time spelled out, with its zone, and what it is where one sits. */
function saidTime(d: Draft, words: Words, locale: string): TemplateResult | string {
  if (half(d)) return words.halfTime;
  if (!d.date) return words.timeOpenWhy;
  const moment = momentOf(d);
  if (!moment) return words.noTime;
  const own = ownZone();
  const here = clockIn(moment.at, own);
  const there = clockIn(moment.at, d.zone);
  return html`<strong>${spelled(moment.at, d.zone, locale)}</strong>
    ${here.date === there.date && here.time === there.time ? nothing : html`<br />${say(words.forYou, { time: briefly(moment.at, own, d.zone, locale), city: cityOf(own) })}`}
    ${moment.clock === 'once' ? nothing : html`<br /><span class="warn">${moment.clock === 'skipped' ? words.timeSkipped : words.timeTwice}</span>`}
    ${moment.at.getTime() < Date.now() ? html`<br /><span class="warn">${words.timePassed}</span>` : nothing}`;
}
