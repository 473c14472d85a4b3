import { html, type TemplateResult } from 'lit';
import type { Studio } from '../context.ts';

const most = 1000;

/** The rooms of an organisation, and of those below it: titles by slug. What cannot be read is named by its slug. */
export async function roomNames({ client, org }: Studio): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  let cursor: string | undefined;
  do {
    const answer = await client.GET('/api/v1/rooms', { params: { query: { org, limit: 100, ...(cursor ? { cursor } : {}) } } });
    for (const r of answer.data?.items ?? []) names.set(r.slug, r.title);
    cursor = answer.data?.next;
  } while (cursor && names.size < most);
  return names;
}

/** A room as people know it, with the name in its address beside it. */
export const roomName = (slug: string, names: ReadonlyMap<string, string>): TemplateResult => {
  const title = names.get(slug);
  return title && title !== slug ? html`<bdi>${title}</bdi> <bdi class="soft small">${slug}</bdi>` : html`<bdi>${slug}</bdi>`;
};
