import { html, nothing, type TemplateResult } from 'lit';
import figures from '../../generated/strings/figures.ts';
import { rows } from '../../shared/figures.ts';
import { eventOf } from '../../shared/said.ts';
import type { Watched } from '../../shared/condition.ts';
import { home } from '../../shared/server.ts';
import { timeOfDay } from '../../shared/times.ts';
import type { Language, Schemas } from '../context.ts';
import { airMark } from '../air/mark.ts';
import { hashOf } from '../route.ts';
import { shownAt } from './code.ts';
import { endedWords, linesOf, timeOf, toneOf, viewersOf, wordsOf } from './words.ts';

const patience = 60_000; // without a stream, before the page asks what may be wrong

/** Whether the stream arrives: the picture as viewers see it, and how it is, in words. `waits` is for how many ms nothing has arrived; `last` is the show that ended last, and `end` the way to end the present one. */
export function live(w: Watched, now: number, waits: number, last: Schemas['StoredShow'] | undefined, language: Language, end: TemplateResult | typeof nothing): TemplateResult {
  const words = wordsOf(language);
  const { room, health, condition } = w;
  const time = timeOf(w, now, language);
  const arrives = health.live && !health.waiting;
  const lines = linesOf(w, now, language);
  const over = condition === 'off' ? last : undefined;
  const due = !over || Boolean(room.show?.starts_at); // a picture may be expected now
  return html`<section class="sheet live" aria-labelledby="live-head">
    <div class="state"><h2 id="live-head">${airMark(condition, language)}</h2>
      ${time ? html`<span class="time">${time}</span>` : nothing}${health.live ? html`<span class="soft">${viewersOf(health.viewers, language)}</span>` : nothing}</div>
    <div class="screen">${health.live ? html`<iframe src=${shownAt(`${home}/embed/${encodeURIComponent(room.slug)}`, language.locale)} title=${words.liveFrame} allow="autoplay; fullscreen"></iframe>${condition === 'away' ? html`<div class="waits gone"><p>${words.noPicture}</p></div>` : nothing}`
      : html`<div class="waits">${due ? html`<span class="pulse" aria-hidden="true"></span>` : nothing}<p>${due ? words.waiting : words.waitsNext}</p></div>`}</div>
    <div role="status" class="verdict">
      ${arrives ? html`<p class=${condition === 'live' ? 'good' : 'bad'}>${condition === 'live' ? words.weSeeYou : words.seeButOne}</p>` : nothing}
      ${over ? html`<p><b>${endedWords(over, now, language)}</b></p><div class="acts"><a class="button" href=${hashOf(`shows/${over.id}`)}>${words.toResults}</a>${over.deleted ? nothing : html`<a class="button" href=${hashOf(`replays/${over.id}`)}>${words.toReplay}</a>`}</div>` : nothing}
      ${over && !w.next ? nothing : lines.length > 1 ? html`<ul class="warnings">${lines.map((line) => html`<li class="bad">${line}</li>`)}</ul>` : html`<p class=${toneOf(w) || 'soft'}>${lines[0]}</p>`}
      ${w.next && (condition === 'off' || condition === 'late') ? html`<p><a class="way" href=${hashOf(`shows/${w.next.id}`)}>${words.toPlan}</a></p>` : nothing}
    </div>
    ${end}
    ${arrives && health.ingest ? html`<p class="soft small numbers" dir="auto">${numbers(w, language)}</p>` : nothing}
    ${health.ingest ? html`<details class="all"><summary>${language.in(figures).allNumbers}</summary><dl>${rows(health.ingest, { locale: language.locale, words: language.in(figures) }).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl></details>` : nothing}
    ${!health.live && due && waits > patience ? html`<div class="hint"><h3>${words.nothingYet}</h3><ol><li>${words.checkServer}</li><li>${words.checkKey}</li><li>${words.checkStart}</li><li>${words.checkNet}</li></ol></div>` : nothing}
    ${health.events.length ? html`<details><summary>${words.happened}</summary><ul class="events">${health.events.map((e) => html`<li><time datetime=${e.at.toISOString()}>${timeOfDay(e.at, language.locale)}</time> ${eventOf(e, language)}</li>`)}</ul></details>` : nothing}
  </section>`;
}

/** What arrives, in one line: size, frames and rate. */
function numbers({ health }: Watched, { locale }: Language): string {
  const i = health.ingest!;
  const unit = (n: number, of: string, digits: number): string => new Intl.NumberFormat(locale, { style: 'unit', unit: of, maximumFractionDigits: digits }).format(n);
  return [i.width ? `${i.width} × ${i.height}` : '', i.fps ? `${new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(i.fps)} fps` : '',
    i.incoming_bitrate ? unit(i.incoming_bitrate / 1e6, 'megabit-per-second', 2) : ''].filter(Boolean).join(' · ');
}
