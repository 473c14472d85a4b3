import { html, nothing, type TemplateResult } from 'lit';
import { groups, type Words } from './words.ts';

/** The fields of a webhook. */
export function webhookFields(at: { readonly url: string; readonly name: string; readonly types: readonly string[] }, words: Words): TemplateResult {
  return html`
    <label class="field wide"><span>${words.urlLabel}</span><input name="url" type="url" .value=${at.url} required maxlength="2000" autocomplete="off" autocapitalize="off" spellcheck="false" dir="ltr" placeholder="https://erp.example/hooks/mediad" /><small>${words.urlWhy}</small></label>
    <label class="field wide"><span>${words.nameLabel}</span><input name="name" .value=${at.name} maxlength="80" autocomplete="off" dir="auto" /><small>${words.nameWhy}</small></label>
    <fieldset class="wide types"><legend>${words.typesLabel}</legend>
      ${groups(words).map(([group, types]) => html`<div role="group" aria-label=${group}><p class="group" aria-hidden="true">${group}</p>
        ${types.map(([type, word]) => html`<label class="check"><input type="checkbox" name="types" value=${type} .checked=${at.types.includes(type)} /><span>${word} <code class="soft" dir="ltr">${type}</code></span></label>`)}</div>`)}
    </fieldset>`;
}

/** What the form says. */
export function webhookIn(data: FormData): { url: string; name: string; types: string[] } {
  const text = (name: string): string => String(data.get(name) ?? '').trim();
  return { url: text('url'), name: text('name'), types: data.getAll('types').map(String) };
}

export const trouble = (text: string): TemplateResult | typeof nothing => (text ? html`<p class="trouble wide" role="alert">${text}</p>` : nothing);
