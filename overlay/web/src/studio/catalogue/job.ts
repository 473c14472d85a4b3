import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import errors from '../../generated/strings/errors.ts';
import phrases from '../../generated/strings/studio-catalogue.ts';
import { say } from '../../shared/language.ts';
import type { Studio } from '../context.ts';
import { translated } from '../../shared/refusals.ts';
import { firstRows, leftOut, leftOutCSV } from './job-rows.ts';
import { steps } from './steps.ts';
import { wordsOf, type ImportJob, type Words } from './words.ts';

const shown = 50; // rejected rows and examples on the page
const pauses = [150, 300, 500, 1000]; // ms between two looks, while the server works

/** `<catalogue-job>`: the second and third step of an import: what it would do, and a yes to it. */
export class Job extends LitElement {
  @property({ attribute: false }) studio!: Studio;
  @property({ attribute: false }) job = '';
  @state() private at: ImportJob | undefined;
  @state() private trouble = '';
  @state() private confirmed: readonly string[] = [];
  @state() private asked = false; // one has pressed before saying yes to what is marked
  @state() private applying = false;
  private looks = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.timer);
    this.job = '';
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('job') || !this.job) return;
    this.at = undefined;
    this.confirmed = [];
    this.asked = false;
    this.looks = 0;
    void this.read();
  }

  private async read(): Promise<void> {
    clearTimeout(this.timer);
    const { job } = this;
    const { client, wrong } = this.studio;
    const answer = await client.GET('/api/v1/imports/{import}', { params: { path: { import: job } } });
    if (job !== this.job) return;
    this.trouble = wrong(answer);
    const before = this.at?.state;
    if (answer.data) this.at = answer.data;
    const goesOn = !answer.data ? answer.response.status >= 500 : this.at?.state === 'reading' || this.at?.state === 'applying';
    if (goesOn) this.timer = setTimeout(() => void this.read(), pauses[Math.min(this.looks++, pauses.length - 1)]);
    else if (before && before !== this.at?.state) void this.updateComplete.then(() => this.querySelector<HTMLElement>('[data-next]')?.focus());
  }

  protected override render(): TemplateResult {
    const { at } = this;
    const words = wordsOf(this.studio.language);
    if (!at) return html`<p class="soft" role="status">${words.readingFile}</p>${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}`;
    const step = { reading: 1, ready: 1, applying: 2, applied: 3, failed: 1 }[at.state];
    return html`<div class="head"><h1>${pasted.includes(at.source) ? words.importPasted : say(words.importHead, { source: at.source })}</h1></div>
      ${steps(step, words)}
      ${this.trouble && at.state !== 'ready' ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}
      ${this.body(at, words)}`;
  }

  private body(at: ImportJob, words: Words): TemplateResult {
    switch (at.state) {
      case 'reading':
      case 'applying':
        return html`<section class="sheet wait"><p role="status">${at.state === 'reading' ? words.readingFile : say(words.applyingFile, { done: this.number(at.done), all: this.number(at.total) })}</p>
          <progress max=${Math.max(at.total, 1)} .value=${at.done} aria-label=${at.state === 'reading' ? words.stepLook : words.stepApply}></progress><p class="soft">${words.leavePage}</p></section>`;
      case 'failed':
        return html`<section class="sheet failed"><h2>${words.failedHead}</h2><p class="trouble" role="alert">${this.said(at.problem ?? '')}</p><div class="acts"><a class="button loud" data-next href="#/catalogue/import">${words.giveAnother}</a></div></section>`;
      case 'applied':
        return html`<section class="sheet done">${at.new || at.changed ? html`<h2 class="good"><span role="status">${words.appliedHead}</span></h2>`
            : html`<h2 class="warn"><span role="status">${words.appliedNothing}</span></h2>${at.rejected_rows ? html`<p>${words.allLeftOut}</p>` : nothing}`}${this.counts(at, words)}
          <div class="acts"><a class="button loud" data-next href="#/catalogue">${words.seeCatalogue}</a><a class="button" href="#/catalogue/import">${words.bring}</a></div></section>${this.noLink(at, words)}${this.rejected(at, words)}`;
    }
    const nothingToDo = !at.new && !at.changed;
    const waits = !nothingToDo && (at.warnings ?? []).some((w) => !this.confirmed.includes(w.code));
    return html`<section class="sheet done"><h2>${nothingToDo ? words.applyNothing : words.nothingYet}</h2>${nothingToDo && at.rejected_rows ? html`<p>${words.allLeftOut}</p>` : nothing}${this.counts(at, words)}</section>
      ${this.noLink(at, words)}
      ${(at.warnings ?? []).map((w) => this.warning(w, words)) /* first: they wait for a yes */}
      ${firstRows(at, words, this.studio.language.locale)}
      ${this.rejected(at, words)}
      <div class="acts apply">${nothingToDo ? nothing : html`<button type="button" class="loud" data-next data-waits=${waits} aria-describedby=${waits ? 'confirm-first' : nothing} ?disabled=${this.applying} @click=${() => void this.apply()}>${label(at, words, (n) => this.number(n))}</button>`}
        <a class="button" data-next=${nothingToDo ? '' : nothing} href="#/catalogue/import">${words.giveUpEdit}</a>${waits ? html`<span class=${this.asked ? 'trouble' : 'warn small'} role=${this.asked ? 'alert' : nothing} id="confirm-first"><button type="button" class="plain" @click=${() => this.toOpen()}>${words.confirmFirst} ↑</button></span>` : nothing}${this.trouble ? html`<span class="trouble" role="alert">${this.trouble}</span>` : nothing}</div>`;
  }

  private counts(at: ImportJob, words: Words): TemplateResult {
    const all = [[at.new, words.countNew], [at.changed, words.countChanged], [at.unchanged, words.countUnchanged], [at.missing, words.countMissing], [at.rejected_rows, words.countRejected]] as const;
    return html`<dl class="counts">${all.map(([n, what], i) => html`<div data-some=${n > 0} data-bad=${i === 4 && n > 0}><dt>${what}</dt><dd>${this.number(n)}</dd></div>`)}</dl>`;
  }

  private noLink(at: ImportJob, words: Words): TemplateResult | typeof nothing {
    return at.without_link ? html`<section class="sheet no-link"><h2 class="warn">${say(words.noLinkCount, { n: this.number(at.without_link) })}</h2><p>${words.noLinkHow}</p></section>` : nothing;
  }

  private warning(w: NonNullable<ImportJob['warnings']>[number], words: Words): TemplateResult {
    const n = this.number(w.products);
    const head = w.code === 'price_drop' ? say(words.warnPriceDrop, { n }) : w.code === 'currency' ? say(words.warnCurrency, { n }) : say(words.warnOther, { n, code: w.code });
    const examples = (w.examples ?? []).slice(0, shown);
    return html`<section class="sheet warning" data-code=${w.code}><h2>${head}</h2>
      <div class="table" tabindex="0" role="region" aria-label=${head}><table class="rows"><thead><tr><th>${words.rowColumn}</th><th>SKU</th><th class="number">${words.wasColumn}</th><th class="number">${words.isColumn}</th></tr></thead>
        <tbody>${examples.map((e) => html`<tr><td data-label=${words.rowColumn}>${e.row}</td><td data-label="SKU"><code>${e.sku}</code></td><td class="number" data-label=${words.wasColumn}>${e.was}</td><td class="number" data-label=${words.isColumn}>${e.is}</td></tr>`)}</tbody></table></div>
      ${w.products > examples.length ? html`<p class="soft small">${say(words.firstOf, { n: examples.length, all: n })}</p>` : nothing}
      <label class="check"><input type="checkbox" .checked=${this.confirmed.includes(w.code)} @change=${(e: Event) => this.confirm(w.code, (e.target as HTMLInputElement).checked)} />${words.confirmIt}</label></section>`;
  }

  private rejected(at: ImportJob, words: Words): TemplateResult | typeof nothing {
    const rows = at.rejected ?? [];
    if (!rows.length) return nothing;
    const head = say(words.rejectedHead, { n: this.number(at.rejected_rows) });
    return html`<section class="sheet rejected"><div class="head"><h2>${head}</h2><button type="button" @click=${() => this.download(at, words)}>${words.downloadRejected}</button></div>
      <div class="table" tabindex="0" role="region" aria-label=${head}>${leftOut(rows.slice(0, shown), words, (text) => this.said(text))}</div>
      ${at.rejected_rows > Math.min(rows.length, shown) ? html`<p class="soft small">${say(words.firstOf, { n: Math.min(rows.length, shown), all: this.number(at.rejected_rows) })}</p>` : nothing}</section>`;
  }

  /** The server's words in the reader's language, where there is a translation. */
  private said(text: string): string {
    return translated(text, this.studio.language.in(errors)) || text;
  }

  private number(n: number): string {
    return new Intl.NumberFormat(this.studio.language.locale).format(n);
  }

  private confirm(code: string, yes: boolean): void {
    this.confirmed = this.confirmed.filter((c) => c !== code).concat(yes ? [code] : []);
    this.trouble = '';
  }

  /** Goes to the first box that waits for a yes; false: there is none. */
  private toOpen(): boolean {
    const open = (this.at?.warnings ?? []).find((w) => !this.confirmed.includes(w.code));
    if (open) this.querySelector<HTMLElement>(`[data-code="${open.code}"] input`)?.focus();
    return !!open;
  }

  private async apply(): Promise<void> {
    if (this.toOpen()) {
      this.asked = true;
      return;
    }
    this.applying = true;
    const { client, wrong } = this.studio;
    const answer = await client.POST('/api/v1/imports/{import}/apply', { params: { path: { import: this.job } }, body: { confirm: [...this.confirmed] } });
    this.applying = false;
    this.trouble = wrong(answer);
    if (answer.data) {
      this.at = answer.data;
      this.looks = 0;
      await this.read();
    }
  }

  private download(at: ImportJob, words: Words): void {
    const a = document.createElement('a');
    a.href = URL.createObjectURL(new Blob([leftOutCSV(at.rejected ?? [], words, (text) => this.said(text))], { type: 'text/csv' }));
    a.download = 'rejected.csv';
    a.click();
    URL.revokeObjectURL(a.href);
  }
}

/** What rows that were pasted are called, in the language of who pasted them. */
const pasted: readonly string[] = [phrases.en.pasted, phrases.zh.pasted];

function label(at: ImportJob, words: Words, number: (n: number) => string): string {
  const [fresh, changed] = [number(at.new), number(at.changed)];
  return at.new && at.changed ? say(words.applyBoth, { fresh, changed }) : at.new ? say(words.applyNew, { fresh }) : say(words.applyChanged, { changed });
}

customElements.define('catalogue-job', Job);
