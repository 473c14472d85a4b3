import { html, nothing, type TemplateResult } from 'lit';
import table from '../../generated/strings/studio-audit.ts';
import type { Schemas } from '../context.ts';
import { empty } from '../parts/empty.ts';
import { icons } from '../parts/icons.ts';
import { Section } from '../parts/light.ts';
import { listed } from '../parts/listed.ts';
import { Pages } from '../parts/pages.ts';
import { precise, timeOnly, weekday } from '../parts/when.ts';
import { wear } from '../parts/wear.ts';
import style from './audit.css?text';
import { deed, doer } from './deeds.ts';

wear(style);

type Entry = Schemas['Audited'];

/** `<studio-audit>`: who did what, by day, the latest first. */
export class Audit extends Section {
  private entries = new Pages<Entry>(this, (cursor) => this.studio.client.GET('/api/v1/audit', { params: { query: { org: this.studio.org, limit: 100, ...(cursor ? { cursor } : {}) } } }));

  protected override render(): TemplateResult {
    const { studio, entries } = this;
    const { locale } = studio.language;
    const words = studio.language.in(table);
    return html`<div class="head"><h1>${words.auditHead}</h1><p>${words.auditWhy}</p></div>
      ${listed(entries, studio, (items) => html`${days(items, locale).map(([at, all]) => html`<section class="sheet day"><h2>${weekday(at, locale)}</h2><ol>
        ${all.map((e) => {
          const { name, address } = doer(e, words);
          return html`<li><time datetime=${e.at} title=${precise(e.at, locale)}>${timeOnly(e.at, locale)}</time><span><strong dir="auto">${name}</strong>${address ? html` <span class="soft small" dir="ltr">${address}</span>` : nothing} ${deed(e, words)}</span></li>`;
        })}
      </ol></section>`)}`, empty(icons.audit, words.noAudit, words.noAuditWhy))}`;
  }
}

/** The entries of each day, as the reader counts days. */
function days(items: readonly Entry[], locale: string): [string, Entry[]][] {
  const found = new Map<string, [string, Entry[]]>();
  for (const e of items) {
    const day = weekday(e.at, locale);
    if (!found.has(day)) found.set(day, [e.at, []]);
    found.get(day)![1].push(e);
  }
  return [...found.values()];
}

customElements.define('studio-audit', Audit);
