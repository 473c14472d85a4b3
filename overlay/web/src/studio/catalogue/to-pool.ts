import { html, type TemplateResult } from 'lit';
import { say } from '../../shared/language.ts';
import type { Schemas, Studio } from '../context.ts';
import { wordsOf, type Product } from './words.ts';

const fresh = 'new';

/** The form that puts selected products into a pool, or a new one. */
export function poolForm(pools: readonly Schemas['Pool'][], studio: Studio, chosen: string, choose: (pool: string) => void, send: (pool: string, name: string) => void): TemplateResult {
  const words = wordsOf(studio.language);
  const at = chosen || pools[0]?.id || fresh;
  return html`<form class="with-button" @submit=${(e: SubmitEvent) => { e.preventDefault(); send(at, String(new FormData(e.target as HTMLFormElement).get('name') ?? '').trim()); }}>
    ${pools.length ? html`<select name="pool" aria-label=${words.bulkPool} @change=${(e: Event) => choose((e.target as HTMLSelectElement).value)}>
      ${pools.map((p) => html`<option value=${p.id} ?selected=${p.id === at}>${p.name}</option>`)}<option value=${fresh} ?selected=${at === fresh}>${words.poolNew}</option></select>` : ''}
    ${at === fresh ? html`<input name="name" required maxlength="150" autocomplete="off" aria-label=${words.poolName} placeholder=${words.poolName} />` : ''}
    <button type="submit" class="loud">${words.poolPut}</button></form>`;
}

/** Puts products into a pool; gives why it was not done, or "". `key` is that of a new pool: sent again, it is made once. */
export async function putInto(studio: Studio, at: string, name: string, products: readonly Product[], key: string): Promise<string> {
  const { client, org, wrong, tell, language } = studio;
  const words = wordsOf(language);
  let pool = at;
  if (at === fresh) {
    const made = await client.POST('/api/v1/pools', { params: { header: { 'Idempotency-Key': key } }, body: { org, name } });
    if (!made.data) return wrong(made);
    pool = made.data.id;
  }
  const path = { params: { path: { pool } } };
  const before = await client.GET('/api/v1/pools/{pool}', path);
  const ids = products.map((p) => p.id);
  const answer = before.data ? await client.PATCH('/api/v1/pools/{pool}/products', { ...path, body: { add: ids } }) : before;
  if (!before.data || !answer.data) return wrong(answer);
  const more = answer.data.products - before.data.products;
  // Where some were in it before, taking all out would take those, too.
  tell(say(words.poolFilled, { n: more, name: answer.data.name }), more === ids.length ? async () => void (await client.PATCH('/api/v1/pools/{pool}/products', { ...path, body: { remove: ids } })) : undefined);
  return '';
}
