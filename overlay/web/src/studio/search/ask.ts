import { money } from '../../shared/money.ts';
import { home } from '../../shared/server.ts';
import { webURL } from '../../shared/web-url.ts';
import type { Answer, Schemas, Studio } from '../context.ts';
import { roleWord } from '../parts/roles.ts';
import { moment } from '../parts/when.ts';
import type { Section } from '../sections.ts';
import { groupOf, has, perGroup, type Group, type Hit } from './hits.ts';
import type { Words } from './words.ts';

/** What was found; `trouble` is an answer that was none. */
export interface Found {
  readonly groups: readonly Group[];
  readonly trouble?: Answer;
}

type Part = { readonly group?: Group; readonly answer?: Answer };

/** Asks for all at once that somebody may see: what belongs to a section which one cannot open is not asked for. */
export class Asking {
  private people: Promise<readonly Schemas['Member'][] | Answer> | undefined;

  constructor(private readonly studio: Studio, private readonly sections: readonly Section[], private readonly words: Words) {}

  async find(text: string, signal: AbortSignal): Promise<Found> {
    const kinds: Record<string, (text: string, signal: AbortSignal) => Promise<Part>> = {
      catalogue: this.products, shows: this.shows, rooms: this.rooms, orders: this.orders, people: this.members,
    };
    const asked = Object.keys(kinds).filter((id) => this.sections.some((s) => s.id === id));
    const parts = await Promise.all(asked.map((id) => kinds[id]!.call(this, text, signal)));
    const trouble = parts.find((p) => p.answer && p.answer.response.status !== 403)?.answer;
    const groups = [...parts.flatMap((p) => p.group ?? []), this.pages(text)].filter((g) => g.hits.length);
    return { groups, ...(trouble ? { trouble } : {}) };
  }

  private async products(q: string, signal: AbortSignal): Promise<Part> {
    const { client, org, language } = this.studio;
    const answer = await client.GET('/api/v1/products', { params: { query: { org, q, limit: perGroup } }, signal });
    return partOf('catalogue', answer, (p) => ({ to: `catalogue/p/${p.id}`, name: p.title, more: [p.sku, money(p.price, p.currency, language.locale, p.digits)].filter(Boolean).join(' · '), picture: small(p.image || p.images?.[0]) }));
  }

  private async shows(q: string, signal: AbortSignal): Promise<Part> {
    const { client, org, language } = this.studio;
    const answer = await client.GET('/api/v1/shows', { params: { query: { org, q, limit: perGroup } }, signal });
    return partOf('shows', answer, (s) => {
      const at = s.started ?? s.starts_at;
      return { to: `shows/${s.id}`, name: s.title, more: s.state === 'live' ? this.words.onAir : at ? moment(at, language.locale) : this.words.timeOpen, picture: small(s.picture) };
    });
  }

  private async rooms(q: string, signal: AbortSignal): Promise<Part> {
    const { client, org } = this.studio;
    const answer = await client.GET('/api/v1/rooms', { params: { query: { org, q, limit: perGroup } }, signal });
    return partOf('rooms', answer, (r) => ({ to: `rooms/${encodeURIComponent(r.slug)}`, name: r.title, more: r.live ? this.words.onAir : r.slug }));
  }

  private async orders(q: string, signal: AbortSignal): Promise<Part> {
    const { client, org, language: { locale } } = this.studio;
    const answer = await client.GET('/api/v1/orders', { params: { query: { org, q, limit: perGroup } }, signal });
    return partOf('orders', answer, (o) => ({ to: `orders/${o.id}`, name: o.name, more: [money(o.gross, o.currency, locale), moment(o.paid_at ?? o.created, locale)].filter(Boolean).join(' · ') }));
  }

  /** An organisation has a few hundred people at most: they are read once. */
  private async members(q: string): Promise<Part> {
    const all = await (this.people ??= this.readPeople());
    if ('response' in all) {
      this.people = undefined;
      return { answer: all };
    }
    const found = all.filter((m) => has(q, m.name ?? '', m.email));
    return { group: groupOf('people', found.map((m) => ({ to: 'people', name: m.name || m.email, more: [m.name ? m.email : '', roleWord(m.role, this.studio.language.words)].filter(Boolean).join(' · ') }))) };
  }

  private async readPeople(): Promise<readonly Schemas['Member'][] | Answer> {
    const { client, org } = this.studio;
    const all: Schemas['Member'][] = [];
    for (let cursor: string | undefined, first = true; first || cursor; first = false) {
      const answer = await client.GET('/api/v1/orgs/{org}/members', { params: { path: { org }, query: { limit: 100, ...(cursor ? { cursor } : {}) } } });
      if (!answer.data) return answer;
      all.push(...(answer.data.items ?? []));
      cursor = answer.data.next;
    }
    return all;
  }

  /** The pages of the studio themselves, by their names. */
  private pages(q: string): Group {
    const { words } = this.studio.language;
    return groupOf('', this.sections.flatMap((s): Hit[] => (has(q, s.name(words)) ? [{ to: s.id, name: s.name(words), more: '' }] : [])));
  }
}

function partOf<T>(section: string, answer: Answer & { readonly data?: { readonly items: readonly T[] | null; readonly next?: string } }, hit: (one: T) => Hit): Part {
  return answer.data ? { group: groupOf(section, (answer.data.items ?? []).map(hit), answer.data.next !== undefined) } : { answer };
}

/** The address of a small picture; undefined: there is none. Of an uploaded one there is a small version. */
function small(address: string | undefined): string | undefined {
  if (!address) return undefined;
  return address.startsWith('/') ? home + address.replace(/^(\/i\/[a-z2-7]{26})\.jpg$/, '$1-s.jpg') : webURL(address, home) || undefined;
}
