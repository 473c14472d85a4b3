import { LitElement, html, nothing, unsafeCSS, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/callout/callout.js';
import '@awesome.me/webawesome/dist/components/details/details.js';
import '@awesome.me/webawesome/dist/components/input/input.js';
import theme from '@awesome.me/webawesome/dist/styles/themes/default.css?shadow';
import { clientWith } from '../shared/client.ts';
import { say } from '../shared/language.ts';
import { charts, noTraces, remembered, type Traces } from './charts.ts';
import { eventOf, rows, warningOf } from './figures.ts';
import { parseHealth, type Health } from './health.ts';
import { styles } from './panel.css.ts';
import { languageFor, type Language } from './words.ts';

const place = 'mediad-operator';
const every = 2000; // ms between two requests
const patience = 5000; // ms for an answer

type State = 'ask' | 'wrong' | 'asking' | 'there' | 'unknown' | 'away';

/**
 * `<mediad-operator>`: the state of a room's stream, for people with an API token. The token is typed in, kept in this tab's
 * sessionStorage, and sent as a header: it is never in an address.
 */
export class OperatorPanel extends LitElement {
  static override styles = [unsafeCSS(theme), styles];

  @property() room = '';
  @property({ attribute: false }) locale = 'en';

  @state() private state: State = 'ask';
  @state() private health: Health | undefined;
  @state() private traces: Traces = noTraces;
  @state() private isDark = false;

  private language!: Language;
  private token = '';
  private timer: ReturnType<typeof setTimeout> | undefined;
  private spoken = '';
  private spokenOf = ''; // the warnings that were announced: a change of their numbers is not
  private run = 0; // answers to requests with an earlier token are ignored
  private readonly dark = matchMedia('(prefers-color-scheme: dark)');
  private readonly wide = matchMedia('(min-width: 720px)').matches;

  override connectedCallback(): void {
    super.connectedCallback();
    this.dark.addEventListener('change', this.recolour);
    this.recolour();
    this.token = sessionStorage.getItem(place) ?? '';
    this.state = this.token ? 'asking' : 'ask';
    if (this.token) void this.look();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.dark.removeEventListener('change', this.recolour);
    clearTimeout(this.timer);
    this.run++;
  }

  private readonly recolour = (): void => {
    this.isDark = this.dark.matches;
  };

  private async look(): Promise<void> {
    const run = this.run;
    if (!document.hidden) {
      const state = await this.question();
      if (run !== this.run) return;
      this.state = state;
      if (state === 'wrong') this.leave('wrong');
    }
    if (this.token) this.timer = setTimeout(() => void this.look(), every);
  }

  private async question(): Promise<State> {
    const run = this.run;
    try {
      const { data, response } = await clientWith(this.token).GET('/api/v1/rooms/{room}', { params: { path: { room: this.room } }, signal: AbortSignal.timeout(patience) });
      if (response.status === 401 || response.status === 403) return 'wrong';
      if (response.status === 404) return 'unknown';
      if (!data) return 'away';
      if (run !== this.run) return 'ask';
      this.health = parseHealth(data);
      this.traces = remembered(this.traces, Date.now() / 1000, this.health.ingest);
      return 'there';
    } catch {
      return 'away';
    }
  }

  private enter(e: SubmitEvent): void {
    e.preventDefault();
    const field = this.renderRoot.querySelector('wa-input')!;
    this.token = (field.value ?? '').trim();
    field.value = '';
    if (!this.token) return;
    sessionStorage.setItem(place, this.token);
    this.state = 'asking';
    void this.look();
  }

  private leave(state: State): void {
    sessionStorage.removeItem(place);
    clearTimeout(this.timer);
    this.run++;
    this.token = '';
    this.traces = noTraces;
    this.health = undefined;
    this.state = state;
  }

  protected override willUpdate(): void {
    if (this.language?.locale !== this.locale) this.language = languageFor(this.locale);
  }

  protected override render(): TemplateResult {
    const { language, health } = this;
    const { words, locale } = language;
    const known = this.state !== 'ask' && this.state !== 'wrong';
    return html`<section class="panel ${this.isDark ? 'wa-dark' : 'wa-light'}" aria-label=${words.streamHealth}>
      <h2>${words.streamHealth} ${known ? html`<wa-button appearance="outlined" size="s" pill @click=${() => this.leave('ask')}>${words.forgetToken}</wa-button>` : nothing}</h2>
      ${known ? nothing : this.form()}
      <p class="sr" role="status">${this.saying()}</p>
      ${this.news()}
      ${known && health?.ingest ? html`${charts(this.traces, language)}${this.figures(health.ingest)}` : nothing}
      ${known && health?.clicks !== undefined ? html`<p class="clicks">${say(words.clicksInShow, { n: new Intl.NumberFormat(locale).format(health.clicks) })}</p>` : nothing}
      ${known && health?.events.length ? this.events(health.events) : nothing}
    </section>`;
  }

  private form(): TemplateResult {
    const { words } = this.language;
    return html`<form class="ask" @submit=${(e: SubmitEvent) => this.enter(e)}>
      <p>${words.tokenWhy}</p>
      <wa-input id="operator-token" name="token" type="password" label=${words.apiToken} autocomplete="off" spellcheck="false" required></wa-input>
      <wa-button variant="brand" type="submit" pill>${words.showHealth}</wa-button>
    </form>`;
  }

  /** The text for screen readers: it changes only when a warning comes or goes, not with each number. */
  private saying(): string {
    const { health, language } = this;
    const { words } = language;
    const list = this.state === 'there' && health?.live && !health.waiting ? health.warnings : [];
    const about = [this.state, health?.live, health?.waiting, ...list.map((w) => w.code)].join();
    if (about === this.spokenOf) return this.spoken;
    this.spokenOf = about;
    const said: Record<State, string> = {
      ask: '', asking: '', wrong: words.wrongToken, unknown: words.roomUnknown, away: words.noAnswer,
      there: !health?.live ? words.nobodyPublishes : health.waiting ? words.publisherAway : list.length ? list.map((w) => warningOf(w, language)).join(' ') : words.allWell,
    };
    return (this.spoken = said[this.state]);
  }

  private news(): TemplateResult | typeof nothing {
    const { health, language } = this;
    const { words } = language;
    const bad = (text: string, more: unknown = nothing): TemplateResult => html`<wa-callout variant="danger"><p class="bad">${text}</p>${more}</wa-callout>`;
    switch (this.state) {
      case 'ask':
        return nothing;
      case 'wrong':
        return bad(words.wrongToken);
      case 'asking':
        return html`<p>${words.asking}</p>`;
      case 'unknown':
        return bad(words.roomUnknown);
      case 'away':
        return bad(words.noAnswer);
    }
    if (!health?.live) return html`<wa-callout variant="neutral"><p>${words.nobodyPublishes}</p></wa-callout>`;
    if (health.waiting) return bad(words.publisherAway);
    if (health.warnings.length === 0) return html`<wa-callout variant="success"><p class="good-news">${words.allWell}</p></wa-callout>`;
    const n = health.warnings.length;
    return bad(n === 1 ? words.oneProblem : say(words.problems, { n }),
      html`<ul class="warnings">${repeat(health.warnings, (w) => w.code, (w) => html`<li data-code=${w.code}>${warningOf(w, language)}</li>`)}</ul>`);
  }

  private figures(i: NonNullable<Health['ingest']>): TemplateResult {
    const { language } = this;
    return html`<wa-details summary=${language.words.allNumbers} ?open=${this.wide}>
      <dl class="figures">${rows(i, language).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
    </wa-details>`;
  }

  private events(list: Health['events']): TemplateResult {
    const { language } = this;
    const clock = new Intl.DateTimeFormat(language.locale, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
    return html`<div><h3>${language.words.publisherHistory}</h3>
      <ol class="events">${list.map((e) => html`<li data-kind=${e.kind}><time datetime=${e.at.toISOString()}>${clock.format(e.at)}</time> ${eventOf(e, language)}</li>`)}</ol></div>`;
  }
}

customElements.define('mediad-operator', OperatorPanel);

declare global {
  interface HTMLElementTagNameMap {
    'mediad-operator': OperatorPanel;
  }
}
