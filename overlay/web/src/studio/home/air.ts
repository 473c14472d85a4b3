import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { say } from '../../shared/language.ts';
import { home } from '../../shared/server.ts';
import type { Watched } from '../../shared/condition.ts';
import { airMark } from '../air/mark.ts';
import type { Studio } from '../context.ts';
import { timeOnly } from '../parts/when.ts';
import { sums } from '../results/report.ts';
import { isOn, linesOf, moment, toneOf, viewersOf } from '../rooms/words.ts';
import { hashOf } from '../route.ts';
import type { Show } from '../shows/words.ts';
import type { Rooms } from './ask.ts';
import { ordersOf, wordsOf } from './words.ts';

/** The rooms that are on air, worst first, each with what is wrong, who watches and what it has sold so far. */
export function air({ all, now }: Rooms, on: readonly Show[], planned: readonly Show[], studio: Studio): TemplateResult {
  const words = wordsOf(studio.language);
  const rooms = all.filter(isOn);
  return html`<section class="sheet air-now" aria-labelledby="home-air"><h2 id="home-air">${words.airHead}</h2>
    ${rooms.length ? html`<ul>${repeat(rooms, (w) => w.room.slug, (w) => row(w, now, on, studio))}</ul>` : none(planned, now, studio)}</section>`;
}

function none(planned: readonly Show[], now: number, { language }: Studio): TemplateResult {
  const words = wordsOf(language);
  const next = planned.filter((s) => s.starts_at && Date.parse(s.starts_at) > now).sort((a, b) => Date.parse(a.starts_at!) - Date.parse(b.starts_at!))[0];
  return html`<p class="soft">${words.airNone}${next ? html` ${say(words.airNext, { show: next.title, when: moment(new Date(next.starts_at!), next.timezone, language.locale) })}` : nothing}</p>`;
}

function row(w: Watched, now: number, on: readonly Show[], { language }: Studio): TemplateResult {
  const words = wordsOf(language);
  const { room, health, condition } = w;
  const show = on.find((s) => s.id === room.show?.id) ?? on.find((s) => s.room === room.slug);
  const title = show && show.title !== room.title ? show.title : '';
  const sold = show?.figures;
  const lines = linesOf(w, now, language);
  return html`<li data-room=${room.slug} data-condition=${condition}>
    <span class="pic" aria-hidden="true">${[...room.title][0]}${room.poster ? html`<img src=${`${room.poster}?${Math.floor(now / 10_000)}`} alt="" @error=${(e: Event) => ((e.target as HTMLElement).hidden = true)} @load=${(e: Event) => ((e.target as HTMLElement).hidden = false)} />` : nothing}</span>
    <div class="about"><h3><a href=${hashOf(show ? `shows/${show.id}` : `rooms/${encodeURIComponent(room.slug)}`)}>${title || room.title}</a></h3>
      <p class="state">${airMark(condition, language)}${health.live ? html`<span>${viewersOf(health.viewers, language)}</span>` : nothing}${health.live && health.since ? html`<span class="soft">${say(words.airSince, { t: timeOnly(health.since.toISOString(), language.locale) })}</span>` : nothing}${title ? html`<span class="soft">${room.title}</span>` : nothing}</p>
      ${sold?.orders ? html`<p class="sold">${sold.money?.length ? html`<strong>${say(words.soFar, { money: sums(sold.money, 'net', language.locale) })}</strong> · ` : nothing}${ordersOf(sold.orders, language)}</p>` : nothing}</div>
    <a class="button" href=${`${home}/dock/${encodeURIComponent(room.slug)}`} target="_blank" rel="noopener">${words.openDock}<span class="sr">: ${room.title}</span></a>
    ${condition === 'live' ? nothing : html`<div class="how">${lines.map((line) => html`<p class=${toneOf(w)}><a href=${hashOf(`rooms/${encodeURIComponent(room.slug)}`)}>${line}</a></p>`)}</div>`}</li>`;
}
