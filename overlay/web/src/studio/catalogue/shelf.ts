import type { ReactiveControllerHost } from 'lit';
import type { paths } from '../../generated/api.ts';
import { say } from '../../shared/language.ts';
import type { Studio } from '../context.ts';
import type { Draft } from './draft.ts';
import { former } from './former.ts';
import { wordsOf, type Change, type Product } from './words.ts';

const perPage = 50;
const atOnce = 4; // requests of a bulk edit
type Drafts = Map<string, { rev: number; draft: Draft }>;

/** An edit of a row: `now` is what the row is behind it, which is `before` where it was not carried out. */
interface Edited {
  readonly before: Product;
  readonly now: Product;
  readonly fields: Change;
  readonly why: string;
}

const drafts = new Map<string, Drafts>(); // by person and organisation: they outlive the section
const undoable = 8500; // ms; longer than the word at the foot stays

/** What is asked of the server's list. */
export interface Query {
  readonly text: string;
  readonly category: string;
  /** Whose: "" all that one may show, `own` what one sells, or the id of a pool. */
  readonly from: string;
  /** What it is sorted by, as the server's list has it; "" is the oldest first. */
  readonly sort: Sort;
}

export type Sort = '' | NonNullable<NonNullable<paths['/api/v1/products']['get']['parameters']['query']>['sort']>;

export const everything: Query = { text: '', category: '', from: '', sort: '' };

/** A page of the catalogue, and what people do with it. It outlives the list, so who comes back finds the same page. */
export class Shelf {
  items: readonly Product[] = [];
  /** How many there are on all pages; undefined: it is not known yet. */
  total: number | undefined;
  state: 'idle' | 'loading' | 'ready' | 'failed' = 'idle';
  trouble = '';
  query: Query = everything;
  /** Selected products, also of other pages. */
  readonly chosen = new Map<string, Product>();
  /** Why a row was not changed. */
  readonly troubles = new Map<string, string>();
  /** Rows that are deleted in a moment. */
  readonly leaving = new Map<string, { product: Product; timer: ReturnType<typeof setTimeout> }>();
  /** What was typed about products and not saved, by id; "" is a new one. */
  get drafts(): Drafts {
    const { me, org } = this.studio();
    const whose = `${me.person ?? me.name} ${org}`;
    const kept = drafts.get(whose) ?? new Map();
    drafts.set(whose, kept);
    return kept;
  }

  /** How far a bulk edit is; undefined: there is none. */
  working: { done: number; all: number } | undefined;
  next: string | undefined;
  private before: string[] = []; // cursors of the pages so far
  private asked = 0;
  private readonly sending = new Map<string, Promise<Edited>>(); // the last edit of each row that is on its way

  constructor(private readonly host: ReactiveControllerHost, private readonly studio: () => Studio) {}

  get pages(): number {
    return Math.max(this.page, Math.ceil((this.total ?? 0) / perPage));
  }

  get page(): number {
    return this.before.length + 1;
  }

  /** Whether the catalogue itself is empty, not only what was searched for. */
  get empty(): boolean {
    return this.state === 'ready' && !this.items.length && this.page === 1 && !this.query.text && !this.query.category && !this.query.from;
  }

  find(query: Query): Promise<void> {
    this.query = query;
    this.before = [];
    return this.load();
  }

  async turn(way: 1 | -1): Promise<void> {
    if (way === 1 && this.next) this.before.push(this.next);
    else if (way === -1) this.before.pop();
    await this.load();
  }

  /** Reads the page. An answer that is late does not overwrite a newer one. */
  async load(): Promise<void> {
    const mine = ++this.asked;
    this.state = 'loading';
    this.host.requestUpdate();
    const { client, org } = this.studio();
    const { text, category, from, sort } = this.query;
    const cursor = this.before.at(-1);
    const answer = await client.GET('/api/v1/products', { params: { query: { ...(from === 'own' ? { seller: org } : from ? { pool: from } : { org }), limit: perPage, ...(cursor ? {} : { count: true }), ...(text ? { q: text } : {}), ...(category ? { category } : {}), ...(sort ? { sort } : {}), ...(cursor ? { cursor } : {}) } } });
    if (mine !== this.asked) return;
    this.trouble = this.studio().wrong(answer);
    this.state = answer.data ? 'ready' : 'failed';
    if (answer.data) {
      this.items = answer.data.items ?? [];
      this.next = answer.data.next;
      this.total = answer.data.total ?? this.total;
      this.troubles.clear();
    }
    this.host.requestUpdate();
  }

  /** Puts what the server says in the place of what was there. */
  take(p: Product): void {
    this.items = this.items.map((q) => (q.id === p.id ? p : q));
    if (this.chosen.has(p.id)) this.chosen.set(p.id, p);
    this.host.requestUpdate();
  }

  // ---- edits

  /** Edits of one row go one after the other, and each begins with what the one before has made of it: over a slow line they would clash else. */
  private patch(p: Product, change: (now: Product) => Change): Promise<Edited> {
    const mine = this.patchAfter(this.sending.get(p.id), p, change);
    this.sending.set(p.id, mine);
    void mine.then(() => {
      if (this.sending.get(p.id) === mine) this.sending.delete(p.id);
    });
    return mine;
  }

  private async patchAfter(earlier: Promise<Edited> | undefined, p: Product, change: (now: Product) => Change): Promise<Edited> {
    const left = (await earlier)?.now;
    const before = left && left.rev > p.rev ? left : p;
    const fields = change(before);
    const { client, wrong } = this.studio();
    const answer = await client.PATCH('/api/v1/products/{product}', { params: { path: { product: p.id } }, body: { ...fields, rev: before.rev } });
    if (!answer.data) return { before, now: before, fields, why: wrong(answer) };
    this.take(answer.data);
    return { before, now: answer.data, fields, why: '' };
  }

  /** Changes products, tells what was done, and how it is taken back. */
  async change(products: readonly Product[], change: (p: Product) => Change): Promise<boolean> {
    const words = wordsOf(this.studio().language);
    const done: Edited[] = [];
    let failed = 0;
    await this.each(products, async (p) => {
      const edit = await this.patch(p, change);
      this.troubles.delete(p.id);
      if (edit.now.rev !== edit.before.rev) done.push(edit);
      if (!edit.why) return;
      failed++;
      this.troubles.set(p.id, edit.why);
    });
    const [first] = done;
    if (first) {
      const text = failed ? say(words.changedSome, { n: done.length, failed }) : done.length > 1 ? say(words.changedMany, { n: done.length }) : say(words.changedOne, { title: first.now.title });
      this.studio().tell(text, () => this.takeBack(done));
    }
    this.host.requestUpdate();
    return !failed;
  }

  private async takeBack(done: readonly Edited[]): Promise<void> {
    const words = wordsOf(this.studio().language);
    let failed = 0;
    const by = new Map(done.map((d) => [d.now.id, d]));
    await this.each(done.map((d) => d.now), async (p) => {
      const { before, fields } = by.get(p.id)!;
      const { why } = await this.patch(p, () => former(before, fields));
      if (!why) return;
      failed++;
      this.troubles.set(p.id, why);
    });
    this.studio().tell(failed ? say(words.notUndone, { n: failed }) : words.undone);
    this.host.requestUpdate();
  }

  private async each(products: readonly Product[], f: (p: Product) => Promise<void>): Promise<void> {
    const rest = [...products];
    this.working = products.length > atOnce ? { done: 0, all: products.length } : undefined;
    const worker = async (): Promise<void> => {
      for (let p = rest.shift(); p; p = rest.shift()) {
        await f(p);
        if (this.working) this.working = { ...this.working, done: this.working.done + 1 };
        this.host.requestUpdate();
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    this.working = undefined;
  }

  // ---- deletion: the server is asked only when nobody can change their mind any more

  remove(products: readonly Product[]): void {
    const words = wordsOf(this.studio().language);
    for (const p of products) {
      this.chosen.delete(p.id);
      this.troubles.delete(p.id);
      if (!this.leaving.has(p.id)) this.leaving.set(p.id, { product: p, timer: setTimeout(() => void this.delete(p), undoable) });
    }
    const [first] = products;
    const text = products.length > 1 ? say(words.leavingMany, { n: products.length }) : say(words.leavingOne, { title: first?.title ?? '' });
    this.studio().tell(text, async () => this.stay(products));
    this.host.requestUpdate();
  }

  stay(products: readonly Product[]): void {
    const words = wordsOf(this.studio().language);
    const there = products.filter((p) => this.leaving.has(p.id));
    for (const p of there) {
      clearTimeout(this.leaving.get(p.id)?.timer);
      this.leaving.delete(p.id);
    }
    if (there.length) this.studio().tell(words.stayed);
    this.host.requestUpdate();
  }

  /** Who goes away has made up their mind. What became of it is told once the server has answered. */
  async leaveNow(): Promise<void> {
    if (!this.leaving.size) return;
    const words = wordsOf(this.studio().language);
    const all = await Promise.all([...this.leaving.values()].map(({ product, timer }) => {
      clearTimeout(timer);
      return this.delete(product);
    }));
    const n = all.filter((gone) => gone).length;
    const kept = all.length - n;
    this.studio().tell(kept ? say(words.notDeleted, { n: kept, all: all.length }) : say(words.deletedNow, { n }));
  }

  /** Gives whether it is gone. */
  private async delete(p: Product): Promise<boolean> {
    const { client, wrong } = this.studio();
    const answer = await client.DELETE('/api/v1/products/{product}', { params: { path: { product: p.id } }, keepalive: true });
    this.leaving.delete(p.id);
    const gone = answer.response.ok || answer.response.status === 404;
    if (gone) {
      this.items = this.items.filter((q) => q.id !== p.id);
      if (this.total) this.total--;
      if (!this.items.length && !this.leaving.size) void (this.page > 1 ? this.turn(-1) : this.load());
    } else this.troubles.set(p.id, wrong(answer));
    this.host.requestUpdate();
    return gone;
  }
}
