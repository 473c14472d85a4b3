import { LitElement, html, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { Studio } from '../context.ts';
import { wear } from '../parts/wear.ts';
import style from './catalogue.css?text';
import '../categories/categories.ts';
import '../imports/imports.ts';
import '../pools/pools.ts';
import './editor.ts';
import './intake.ts';
import './job.ts';
import './list.ts';
import { everything, Shelf, type Query } from './shelf.ts';
import { tabs } from './tabs.ts';

wear(style);

/** `<studio-catalogue>`: the products of an organisation. `rest`: none for the list, `new`, `p/ID` for one product, `import` and `import/ID`, `imports` for all of them, `categories`, `pools` and `pools/ID`. */
export class Catalogue extends LitElement {
  @property({ attribute: false }) studio!: Studio;
  @property({ attribute: false }) rest: readonly string[] = [];
  private readonly shelf = new Shelf(this, () => this.studio);
  /** What was pasted, for who comes back from the look at it. */
  private pasted = '';

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener('paste', this.paste);
    window.addEventListener('pagehide', this.left);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.removeEventListener('paste', this.paste);
    window.removeEventListener('pagehide', this.left);
    this.left();
  }

  protected override render(): TemplateResult {
    const { studio, shelf } = this;
    const [what, id] = this.rest;
    if (what === 'import' && id) return html`<catalogue-job .studio=${studio} .job=${id}></catalogue-job>`;
    if (what === 'import') return html`<catalogue-intake .studio=${studio} .text=${this.pasted} @pasted=${this.keep}></catalogue-intake>`;
    if (what === 'new') return html`<catalogue-editor .studio=${studio} .shelf=${shelf} product=""></catalogue-editor>`;
    if (what === 'p' && id) return html`<catalogue-editor .studio=${studio} .shelf=${shelf} product=${id}></catalogue-editor>`;
    if (what === 'categories') return html`${tabs('categories', studio)}<catalogue-categories .studio=${studio} .see=${(category: string) => this.see({ ...everything, category })}></catalogue-categories>`;
    if (what === 'pools' && id) return html`${tabs('pools', studio)}<catalogue-pool .studio=${studio} .pool=${id}></catalogue-pool>`;
    if (what === 'pools') return html`${tabs('pools', studio)}<catalogue-pools .studio=${studio} .see=${(pool: { id: string }) => this.see({ ...everything, from: pool.id })}></catalogue-pools>`;
    if (what === 'imports' && studio.may('goods')) return html`${tabs('imports', studio)}<catalogue-imports .studio=${studio}></catalogue-imports>`;
    return html`${tabs('products', studio)}<catalogue-list .studio=${studio} .shelf=${shelf} .tick=${{}} .text=${this.pasted} @pasted=${this.keep}></catalogue-list>`;
  }

  /** Shows some of the products in the table. */
  private see(query: Query): void {
    void this.shelf.find(query);
    this.studio.go('catalogue');
  }

  private readonly left = (): void => void this.shelf.leaveNow();

  private readonly keep = (e: Event): void => {
    this.pasted = (e as CustomEvent<string>).detail;
  };

  /** Rows that are pasted anywhere in the list are meant for it. */
  private readonly paste = (e: ClipboardEvent): void => {
    const text = e.clipboardData?.getData('text/plain') ?? '';
    if (this.rest.length || (e.target as Element).closest('input, textarea') || !text.includes('\t') || !this.studio.may('goods')) return;
    this.pasted = text;
    this.studio.go('catalogue/import');
  };
}

customElements.define('studio-catalogue', Catalogue);
