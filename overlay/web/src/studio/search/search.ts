import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { say } from '../../shared/language.ts';
import type { Studio } from '../context.ts';
import { icons } from '../parts/icons.ts';
import { wear } from '../parts/wear.ts';
import type { Section } from '../sections.ts';
import { Asking, type Found } from './ask.ts';
import { stepped, type Group, type Hit } from './hits.ts';
import css from './search.css?text';
import { wordsOf } from './words.ts';

wear(css);

const pause = 180; // ms after the last letter

/** `<studio-search>`: a search over everything that one may see, over the page. It is there while it is open. */
export class Search extends LitElement {
  @property({ attribute: false }) studio!: Studio;
  /** What one may open. */
  @property({ attribute: false }) sections: readonly Section[] = [];
  @state() private text = '';
  @state() private found: (Found & { readonly text: string }) | undefined;
  @state() private busy = false;
  @state() private at = 0;
  private asking: Asking | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stop = new AbortController();

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.timer);
    this.stop.abort();
  }

  protected override firstUpdated(): void {
    this.asking = new Asking(this.studio, this.sections, wordsOf(this.studio.language));
    this.querySelector('dialog')!.showModal();
    this.querySelector('input')!.focus();
  }

  protected override render(): TemplateResult {
    const words = wordsOf(this.studio.language);
    const { groups } = this.shown;
    const open = groups.length > 0;
    return html`<dialog class="search" aria-label=${words.searchLabel} @close=${() => this.remove()} @click=${(e: Event) => { if (e.target === e.currentTarget) this.close(); }} @keydown=${(e: KeyboardEvent) => this.pressed(e)}>
      <div class="seeking">${icons.search}
        <input type="text" name="everything" role="combobox" aria-label=${words.searchLabel} aria-expanded=${open} aria-controls=${open ? 'everything-found' : nothing} aria-autocomplete="list" aria-activedescendant=${open ? `everything-${this.at}` : nothing}
          autocomplete="off" autocapitalize="none" spellcheck="false" enterkeyhint="go" maxlength="100" placeholder=${words.searchHint} @input=${(e: Event) => this.typed((e.target as HTMLInputElement).value)} />
        <button type="button" class="shut" title=${words.closeSearch} aria-label=${words.closeSearch} @click=${() => this.close()}>${icons.close}</button></div>
      <p class="sr" role="status">${this.said()}</p>
      <div class="results">${open ? this.list(groups) : this.none()}</div>
    </dialog>`;
  }

  private get shown(): Found {
    return this.found ?? { groups: [] };
  }

  private list(groups: readonly Group[]): TemplateResult {
    const words = wordsOf(this.studio.language);
    let n = 0;
    return html`<div id="everything-found" role="listbox" aria-label=${words.searchLabel}>${groups.map((g) => {
      const section = this.sections.find((s) => s.id === g.section);
      const name = section?.name(this.studio.language.words) ?? words.pagesGroup;
      return html`<div role="group" aria-label=${name}><p class="of" role="presentation">${name}</p>
        ${g.hits.map((h) => this.option(h, n++, section ?? this.sections.find((s) => s.id === h.to)))}
        ${g.more ? html`<p class="soft small and" role="presentation">${words.moreThere}</p>` : nothing}</div>`;
    })}</div>`;
  }

  private option(h: Hit, n: number, section: Section | undefined): TemplateResult {
    return html`<div class="hit" role="option" id="everything-${n}" aria-selected=${n === this.at} @pointermove=${() => (this.at = n)} @click=${() => this.go(h)}>
      <span class="sign">${h.picture ? html`<img src=${h.picture} alt="" width="40" height="40" referrerpolicy="no-referrer" @error=${(e: Event) => ((e.target as HTMLElement).hidden = true)} />` : section?.icon}</span>
      <span class="what"><bdi>${h.name}</bdi>${h.more ? html`<small class="soft">${h.more}</small>` : nothing}</span></div>`;
  }

  private none(): TemplateResult {
    const { studio, found } = this;
    const words = wordsOf(studio.language);
    if (found?.trouble) return html`<p class="trouble" role="alert">${studio.wrong(found.trouble)}</p><button type="button" @click=${() => void this.look()}>${studio.language.words.tryOnceMore}</button>`;
    if (!this.text.trim()) return html`<p class="soft">${words.searchHow}</p>`;
    if (!found) return html`<p class="soft">${words.searching}</p>`;
    return html`<p class="nothing"><b>${say(words.foundNothing, { text: found.text })}</b></p><p class="soft">${words.foundNothingWhy}</p>`;
  }

  /** What a screen reader hears when an answer has come. */
  private said(): string {
    const words = wordsOf(this.studio.language);
    if (this.busy || !this.found || this.found.trouble) return '';
    const n = this.count;
    return n ? say(words.foundSome, { n }) : say(words.foundNothing, { text: this.found.text });
  }

  private get count(): number {
    return this.shown.groups.reduce((sum, g) => sum + g.hits.length, 0);
  }

  private typed(text: string): void {
    this.text = text;
    clearTimeout(this.timer);
    this.stop.abort();
    this.busy = text.trim() !== '';
    if (!this.busy) this.found = undefined;
    else this.timer = setTimeout(() => void this.look(), pause);
  }

  /** What was found stays until the next answer, so that the list does not jump. */
  private async look(): Promise<void> {
    const text = this.text.trim();
    const { signal } = (this.stop = new AbortController());
    const found = await this.asking!.find(text, signal);
    if (signal.aborted) return;
    this.found = { ...found, text };
    this.busy = false;
    this.at = 0;
  }

  private pressed(e: KeyboardEvent): void {
    if (e.isComposing) return;
    const hits = this.shown.groups.flatMap((g) => g.hits);
    const to = stepped(this.at, e.key, hits.length);
    if (to !== undefined) {
      e.preventDefault();
      this.at = to;
      void this.updateComplete.then(() => this.querySelector(`#everything-${to}`)?.scrollIntoView({ block: 'nearest' }));
    } else if (e.key === 'Enter' && (e.target as Element).matches('input')) {
      e.preventDefault();
      const hit = hits[this.at];
      if (hit && !this.busy) this.go(hit);
    }
  }

  private go(hit: Hit): void {
    this.close();
    (document.activeElement as HTMLElement | null)?.blur(); // the page that opens takes the focus
    this.studio.go(hit.to);
  }

  private close(): void {
    this.querySelector('dialog')!.close();
  }
}

customElements.define('studio-search', Search);
