import { html, nothing, type TemplateResult } from 'lit';
import { say } from '../../shared/language.ts';
import { marks, ownHost, type Config } from './kinds.ts';
import { stockWord, type Words } from './words.ts';

/** The fields of a shop of a kind; `config` is what it has. */
export function shopFields(kind: string, name: string, config: Config, stock: string, words: Words): TemplateResult {
  const field = (id: string, label: string, value: string, why: TemplateResult | string, more: { wide?: boolean; need?: boolean; hint?: string; latin?: boolean; most?: number } = {}): TemplateResult =>
    html`<label class="field ${more.wide ? 'wide' : ''}"><span>${label}</span><input name=${id} .value=${value} autocomplete="off" autocapitalize=${more.latin ? 'off' : nothing} spellcheck=${more.latin ? 'false' : nothing} dir=${more.latin ? 'ltr' : 'auto'}
      maxlength=${more.most ?? 2000} ?required=${more.need ?? false} placeholder=${more.hint ?? nothing} /><small>${why}</small></label>`;
  const host = ownHost(kind, config);
  const [before = '', after = ''] = words.templateWhy.split('{marks}');
  return html`
    ${field('name', words.nameLabel, name, words.nameWhy, { need: true, hint: words.nameHint, most: 80 })}
    ${kind === 'shopify' ? field('domain', words.domainLabel, config.domain ?? '', words.domainWhy, { need: true, latin: true, hint: 'tea-house.myshopify.com' }) : nothing}
    ${kind === 'link' ? field('template', words.templateLabel, config.template ?? '', html`${before}${marks.map((m, n) => html`${n ? ' ' : ''}<code dir="ltr">${m}</code>`)}${after}`, { wide: true, latin: true, hint: 'https://shop.example/p/{sku}?click={click}' }) : nothing}
    ${kind === 'stripe-session' ? html`${field('success_url', words.successLabel, config.success_url ?? '', words.backWhy, { latin: true })}${field('cancel_url', words.cancelLabel, config.cancel_url ?? '', words.backWhy, { latin: true })}` : nothing}
    ${field('hosts', words.hostsLabel, (config.hosts ?? []).join(', '), html`${host ? `${say(words.hostsOwn, { host })} ` : ''}${words.hostsWhy}`, { wide: true, latin: true, hint: 'pay.example, shop.example' })}
    ${kind === 'stripe-link' ? html`<label class="field wide"><span>${words.stockHead}</span><select name="stock">
        <option value="external" ?selected=${stock !== 'allocated-link'}>${words.stockByShop}</option><option value="allocated-link" ?selected=${stock === 'allocated-link'}>${words.stockByLink}</option></select><small>${words.stockLinkWhy}</small></label>`
      : html`<div class="field wide stock"><span>${words.stockHead}</span><small>${stockWord(stock, words)}</small></div>`}`;
}
