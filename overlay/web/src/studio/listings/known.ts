import type { Answer, Studio } from '../context.ts';
import type { Product } from '../catalogue/words.ts';
import type { Known } from './sheet.ts';

/** What a shop has, by what is listed; an Answer says why it could not be read. `product`: of this one alone. */
export async function readKnown({ client }: Studio, shop: string, product?: string): Promise<Map<string, Known> | Answer> {
  const all = new Map<string, Known>();
  for (let cursor: string | undefined, first = true; first || cursor; first = false) {
    const page = await client.GET('/api/v1/shops/{shop}/listings', { params: { path: { shop }, query: { limit: 100, ...(product ? { product } : {}), ...(cursor ? { cursor } : {}) } } });
    if (!page.data) return page;
    for (const l of page.data.items ?? []) all.set(l.variant ?? l.product, { ref: l.ref ?? '', link: l.link ?? '' });
    cursor = page.data.next;
  }
  return all;
}

/** All products of a seller, page by page. `seen` hears how many there are so far, and says whether to go on. */
export async function readProducts({ client }: Studio, org: string, seen: (n: number) => boolean): Promise<Product[] | Answer> {
  const all: Product[] = [];
  for (let cursor: string | undefined, first = true; first || cursor; first = false) {
    const page = await client.GET('/api/v1/products', { params: { query: { seller: org, limit: 100, ...(cursor ? { cursor } : {}) } } });
    if (!page.data) return page;
    all.push(...(page.data.items ?? []));
    cursor = page.data.next;
    if (!seen(all.length)) break;
  }
  return all;
}

/** Writes how a shop knows something; without anything it is listed no more. */
export async function writeKnown({ client }: Studio, shop: string, item: string, { ref, link }: Known): Promise<Answer> {
  const path = { shop, item };
  return ref || link
    ? client.PUT('/api/v1/shops/{shop}/listings/{item}', { params: { path }, body: { ...(ref ? { ref } : {}), ...(link ? { link } : {}) } })
    : client.DELETE('/api/v1/shops/{shop}/listings/{item}', { params: { path } });
}
