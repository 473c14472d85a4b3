import { LitElement, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { say } from '../../shared/language.ts';
import type { Schemas, Studio } from '../context.ts';
import '../parts/ask.ts';
import { newKey } from '../parts/once.ts';
import type { Line } from './change.ts';
import { wordsOf, type Words } from './words.ts';

/** The units of products that are given to a show: how many there are, and who counts them. */

export type Units = Schemas['Allocation'];

const most = 1_000_000;

/** All of a show; undefined: they could not be read. */
export async function readUnits({ client }: Studio, show: string): Promise<readonly Units[] | undefined> {
  const all: Units[] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const answer: Awaited<ReturnType<typeof ask>> = await ask(client, show, cursor);
    if (!answer.data) return undefined;
    all.push(...(answer.data.items ?? []));
    cursor = answer.data.next;
  }
  return all;
}

const ask = (client: Studio['client'], show: string, cursor: string) => client.GET('/api/v1/shows/{show}/allocations', { params: { path: { show }, query: { limit: 100, ...(cursor ? { cursor } : {}) } } });

export const leftOf = (u: Units): number => u.total - u.held - u.sold;

/** Who counts, in a few words. */
export const promise = (u: Units, words: Words): string => ({ 'allocated-hold': words.unitsHold, 'allocated-link': words.unitsLink })[u.stock as string] ?? words.unitsExternal;

/** What it means for whoever sells. */
const promiseWhy = (u: Units, words: Words): string => ({ 'allocated-hold': words.unitsHoldWhy, 'allocated-link': words.unitsLinkWhy })[u.stock as string] ?? words.unitsExternalWhy;

/** How the units of a product stand, all of its variants together; nothing where it has none. */
export function unitsMark(all: readonly Units[], product: string, words: Words): TemplateResult | typeof nothing {
  const own = all.filter((u) => u.product === product);
  if (!own.length) return nothing;
  const sum = (of: (u: Units) => number): number => own.reduce((n, u) => n + of(u), 0);
  const [left, held, sold] = [sum(leftOf), sum((u) => u.held), sum((u) => u.sold)];
  return html`<span class="units" data-left=${left}><span class="mark ${left > 0 ? '' : 'warn'}">${say(words.unitsLeft, { left, total: sum((u) => u.total) })}</span>
    <span class="soft">${[held ? say(words.unitsHeld, { n: held }) : '', sold ? say(words.unitsSold, { n: sold }) : '', promise(own[0]!, words)].filter(Boolean).join(' · ')}</span></span>`;
}

/** `<studio-units>`: how many units of a line the show may sell. `changed` is called after each change. */
export class UnitsForm extends LitElement {
  @property({ attribute: false }) studio!: Studio;
  @property({ attribute: false }) line!: Line;
  @property({ attribute: false }) all: readonly Units[] = [];
  @property() show = '';
  @property({ attribute: false }) changed!: () => Promise<void>;
  @state() private trouble: { readonly variant: string; readonly text: string } | undefined;
  @state() private busy = false;
  private key = newKey();

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const words = wordsOf(this.studio.language);
    const { goods } = this.line;
    const own = this.all.filter((u) => u.product === this.line.product);
    const variants = goods.variants ?? [];
    const rows: [string, string][] = [...variants.map((v): [string, string] => [v.id ?? '', Object.values(v.options ?? {}).join(' / ') || v.sku || v.id || '']), ['', variants.length ? words.unitsOthers : words.unitsLabel]];
    return html`<section class="units-form" aria-label=${say(words.unitsOf, { what: goods.title })}>
      <h3>${words.unitsHead}</h3><p class="soft small">${own[0] ? promiseWhy(own[0], words) : words.unitsNone}</p>
      ${rows.map(([variant, label]) => this.row(variant, label, own.find((u) => (u.variant ?? '') === variant), words))}
    </section>`;
  }

  private row(variant: string, label: string, u: Units | undefined, words: Words): TemplateResult {
    const wrong = this.trouble?.variant === variant ? this.trouble.text : '';
    const why = `units-why-${variant || 'all'}`;
    return html`<form class="field" novalidate @submit=${(e: SubmitEvent) => { e.preventDefault(); void this.save(variant, String(new FormData(e.target as HTMLFormElement).get('total')).trim(), u); }}>
      <label for="units-${variant || 'all'}">${label}</label>
      <div class="with-button"><input id="units-${variant || 'all'}" name="total" inputmode="numeric" dir="ltr" autocomplete="off" placeholder=${words.noLimit} .value=${u ? String(u.total) : ''} aria-invalid=${wrong ? 'true' : 'false'} aria-describedby=${why} />
        <button type="submit" ?disabled=${this.busy}>${words.savePlan}<span class="sr">: ${label}</span></button>
        ${u && u.held + u.sold === 0 ? html`<button type="button" ?disabled=${this.busy} @click=${() => void this.takeAway(variant, u)}>${words.unitsAway}<span class="sr">: ${label}</span></button>` : nothing}</div>
      <small id=${why}>${wrong ? html`<span class="trouble" role="alert">${wrong}</span>` : u ? [say(words.unitsLeft, { left: leftOf(u), total: u.total }), say(words.unitsHeld, { n: u.held }), say(words.unitsSold, { n: u.sold })].join(' · ') : nothing}</small>
    </form>`;
  }

  private async save(variant: string, text: string, u: Units | undefined): Promise<void> {
    const { client, wrong, language, tell } = this.studio;
    const words = wordsOf(language);
    const total = Number(text);
    if (text === '' && !u) return;
    if (!/^\d+$/.test(text) || total < (u ? 0 : 1) || total > most) {
      this.trouble = { variant, text: words.unitsWrong };
      return;
    }
    const path = { show: this.show };
    this.busy = true;
    const answer = u
      ? await client.PATCH('/api/v1/shows/{show}/allocations/{allocation}', { params: { path: { ...path, allocation: u.id } }, body: { total } })
      : await client.POST('/api/v1/shows/{show}/allocations', { params: { path, header: { 'Idempotency-Key': this.key } }, body: { product: this.line.product, total, ...(variant ? { variant } : {}) } });
    if (answer.response.status !== 503) this.key = newKey();
    await this.told(variant, wrong(answer));
    if (answer.data) tell(words.unitsSaved);
  }

  private async takeAway(variant: string, u: Units): Promise<void> {
    const { client, wrong } = this.studio;
    this.busy = true;
    await this.told(variant, wrong(await client.DELETE('/api/v1/shows/{show}/allocations/{allocation}', { params: { path: { show: this.show, allocation: u.id } } })));
  }

  private async told(variant: string, text: string): Promise<void> {
    this.trouble = text ? { variant, text } : undefined;
    await this.changed();
    this.busy = false;
  }
}

customElements.define('studio-units', UnitsForm);
