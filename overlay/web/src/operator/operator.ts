import { html, nothing, render, svg, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { eventOf, line, parseHealth, rate, rows, wordsOf, type Health } from './health.ts';
import { home } from '../shared/server.ts';
import { operatorWords, type Words } from './strings.ts';

/**
 * The operator's panel on the watch page: how the stream is, for who has an API token. The token is typed in, kept in
 * this tab's sessionStorage, and sent as a header: it is never in an address.
 */

const place = 'mediad-operator';
const every = 2000; // ms between two questions
const memory = 60; // values in the chart
const box = { width: 300, height: 56 };

type State = 'ask' | 'wrong' | 'asking' | 'there' | 'unknown' | 'away';

export class OperatorPanel {
  private token: string;
  private state: State;
  private health: Health | undefined;
  private rates: number[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private words: Words;
  private spoken = '';
  private spokenOf = ''; // what it is about: the numbers in it may change without a word
  private run = 0; // answers to questions of an earlier token are not heard

  constructor(private room: string, private locale: string, private root: HTMLElement) {
    this.words = operatorWords(locale);
    this.token = sessionStorage.getItem(place) ?? '';
    this.state = this.token ? 'asking' : 'ask';
    this.draw();
    if (this.token) void this.look();
  }

  private async look(): Promise<void> {
    const run = this.run;
    if (!document.hidden) {
      const state = await this.question();
      if (run !== this.run) return;
      this.state = state;
      if (state === 'wrong') this.leave('wrong');
      this.draw();
    }
    if (this.token) this.timer = setTimeout(() => void this.look(), every);
  }

  private async question(): Promise<State> {
    try {
      const answer = await fetch(`${home}/api/v1/rooms/${encodeURIComponent(this.room)}`, {
        headers: { Authorization: `Bearer ${this.token}` },
        credentials: 'omit', cache: 'no-store', signal: AbortSignal.timeout(5000),
      });
      if (answer.status === 401 || answer.status === 403) return 'wrong';
      if (answer.status === 404) return 'unknown';
      if (!answer.ok) return 'away';
      this.health = parseHealth(await answer.json());
      this.rates = [...this.rates, this.health.ingest?.incoming_bitrate ?? 0].slice(-memory);
      return 'there';
    } catch {
      return 'away';
    }
  }

  private enter(e: SubmitEvent): void {
    e.preventDefault();
    const field = (e.target as HTMLFormElement).elements.namedItem('token') as HTMLInputElement;
    this.token = field.value.trim();
    field.value = '';
    if (!this.token) return;
    sessionStorage.setItem(place, this.token);
    this.state = 'asking';
    this.draw();
    void this.look();
  }

  private leave(state: State): void {
    sessionStorage.removeItem(place);
    clearTimeout(this.timer);
    this.run++;
    this.token = '';
    this.rates = [];
    this.health = undefined;
    this.state = state;
    this.draw();
  }

  private draw(): void {
    const { words } = this;
    const known = this.state !== 'ask' && this.state !== 'wrong';
    render(
      html`<h2>${words.title} ${known ? html`<button class="pill" type="button" @click=${() => this.leave('ask')}>${words.forget}</button>` : nothing}</h2>
        ${known ? nothing : this.form()}
        <p class="sr" role="status">${this.say()}</p>
        ${this.news()}
        ${known && this.health?.clicks !== undefined ? html`<p class="clicks">${words.clicks(new Intl.NumberFormat(this.locale).format(this.health.clicks))}</p>` : nothing}
        ${known && this.health?.ingest ? this.figures(this.health.ingest) : nothing}
        ${known && this.health?.events.length ? this.events(this.health.events) : nothing}`,
      this.root,
    );
  }

  private form(): TemplateResult {
    const { words } = this;
    return html`<form class="ask" @submit=${(e: SubmitEvent) => this.enter(e)}>
      <p id="operator-why">${words.tokenAsk}</p>
      <label for="operator-token">${words.token}</label>
      <input id="operator-token" name="token" type="password" autocomplete="off" spellcheck="false" required aria-describedby="operator-why" />
      <button class="pill" type="submit">${words.show}</button>
    </form>`;
  }

  /** What is said aloud: only when something comes or goes, not each time that a number moves. */
  private say(): string {
    const { words, health } = this;
    const list = this.state === 'there' && health?.live && !health.waiting ? health.warnings : [];
    const about = [this.state, health?.live, health?.waiting, ...list.map((w) => w.code)].join();
    if (about === this.spokenOf) return this.spoken;
    this.spokenOf = about;
    const said: Record<State, string> = {
      ask: '', asking: '', wrong: words.wrongToken, unknown: words.noRoom, away: words.noAnswer,
      there: !health?.live ? words.notLive : health.waiting ? words.waiting : list.length ? list.map((w) => wordsOf(w, words, this.locale)).join(' ') : words.allWell,
    };
    return (this.spoken = said[this.state]);
  }

  private news(): TemplateResult | string {
    const { words, health } = this;
    switch (this.state) {
      case 'ask':
        return '';
      case 'wrong':
        return html`<p class="bad">${words.wrongToken}</p>`;
      case 'asking':
        return html`<p>${words.asking}</p>`;
      case 'unknown':
        return html`<p class="bad">${words.noRoom}</p>`;
      case 'away':
        return html`<p class="bad">${words.noAnswer}</p>`;
    }
    if (!health?.live) return html`<p>${words.notLive}</p>`;
    if (health.waiting) return html`<p class="bad">${words.waiting}</p>`;
    if (health.warnings.length === 0) return html`<p class="good-news">${words.allWell}</p>`;
    return html`<p class="bad">${words.problems(health.warnings.length)}</p>
      <ul class="warnings">${repeat(health.warnings, (w) => w.code, (w) => html`<li data-code=${w.code}>${wordsOf(w, words, this.locale)}</li>`)}</ul>`;
  }

  private events(list: Health['events']): TemplateResult {
    const { words, locale } = this;
    const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
    return html`<h3>${words.happened}</h3>
      <ol class="events">${list.map((e) => html`<li data-kind=${e.kind}><time datetime=${e.at.toISOString()}>${clock.format(e.at)}</time> ${eventOf(e, words)}</li>`)}</ol>`;
  }

  private figures(i: NonNullable<Health['ingest']>): TemplateResult {
    const { words, locale } = this;
    const say = (n: number): string => rate(n, words, locale);
    const label = words.chart(say(i.incoming_bitrate), say(Math.min(...this.rates)), say(Math.max(...this.rates)));
    return html`<svg class="chart" role="img" aria-label=${label} viewBox="0 -2 ${box.width} ${box.height + 4}" preserveAspectRatio="none">
        ${svg`<polyline points=${line(this.rates, memory, box.width, box.height)} />`}
      </svg>
      <dl class="figures">${rows(i, words, locale).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
  }
}

/** Puts the panel above what was shown. */
export function operate(room: string, locale: string): void {
  const root = Object.assign(document.createElement('section'), { className: 'operator', id: 'operator' });
  root.setAttribute('aria-label', operatorWords(locale).title);
  document.querySelector('.below')?.prepend(root);
  new OperatorPanel(room, locale, root);
}
