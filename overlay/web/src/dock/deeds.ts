import type { ReactiveControllerHost } from 'lit';
import { fieldsOf, textOf } from '../shared/api.ts';
import type { clientOf } from './access.ts';
import { patience, type Desk } from './desk.ts';
import { neighbours, type Item, type Stock } from './item.ts';

export const undoSeconds = 5;
const mostPinned = 3; // one more takes down the oldest

/** What was done, and how it is taken back. */
export interface Deed {
  readonly kind: 'pin' | 'unpin' | 'price' | 'stock' | 'add' | 'next' | 'moved' | 'undone';
  readonly item: Item;
  readonly undo?: () => Promise<boolean>;
}

/** Why something was not done. `where` is the product's id, or a part of the page: there the reason is shown. */
export interface Trouble {
  readonly where: string;
  readonly why: 'unanswered' | 'forbidden' | 'conflict' | 'gone' | 'busy' | 'refused';
  /** The server's own words. */
  readonly detail: string;
}

export interface NewProduct {
  readonly sku: string;
  readonly title: string;
  readonly price: number;
  readonly currency: string;
  readonly link?: string;
}

interface Answer {
  readonly data?: unknown;
  readonly error?: unknown;
  readonly response: Response;
}

/** What people do in the dock. Each deed is one request, sent at once or not at all, and can be taken back for some seconds. */
export class Deeds {
  last: Deed | undefined;
  trouble: Trouble | undefined;
  private readonly busy = new Set<string>();
  private sent: Promise<boolean> = Promise.resolve(true); // the deed that was begun last
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly host: ReactiveControllerHost, private readonly desk: Desk) {}

  isBusy(where: string): boolean {
    return this.busy.has(where);
  }

  async pin(p: Item, where: string = p.id): Promise<boolean> {
    const { pinned } = this.desk;
    const displaced = pinned.length >= mostPinned && !pinned.some((q) => q.id === p.id) ? pinned[0] : undefined;
    return this.does(where, () => this.putUp(p, where), { kind: 'pin', item: p, undo: async () => (await this.takeDown(p, where)) && (!displaced || this.putUp(displaced, where)) });
  }

  async unpin(p: Item, where: string = p.id): Promise<boolean> {
    return this.does(where, () => this.takeDown(p, where), { kind: 'unpin', item: p, undo: () => this.putUp(p, where) });
  }

  /** What `step` would show. */
  around(): { previous: Item | undefined; next: Item | undefined } {
    const { order, pinned, cursor, lineup } = this.desk;
    if (lineup) return neighbours(order, lineup.line);
    return neighbours(order.filter((p) => p.id === cursor || !pinned.some((q) => q.id === p.id)), cursor);
  }

  /** Shows the next product, or the one before, in place of the one that is shown. */
  async step(way: 'next' | 'previous'): Promise<boolean> {
    const to = this.around()[way];
    if (!to) return false;
    const { lineup } = this.desk;
    if (lineup) {
      const back = way === 'next' ? 'previous' : 'next';
      const from = this.desk.order.find((p) => p.id === lineup.line);
      return this.does('step', () => this.line(way, lineup.line, to), { kind: 'pin', item: to, undo: () => (from ? this.line(back, to.id, from) : this.takeDown(to, 'step')) });
    }
    const from = this.desk.pinned.at(-1);
    return this.does('step', () => (from ? this.swap(from, to) : this.putUp(to, 'step')), {
      kind: 'pin', item: to, undo: () => (from ? this.swap(to, from) : this.takeDown(to, 'step')),
    });
  }

  /** Shows one product in place of another. With as many as can be shown, the other goes first: the server would take down a third one. */
  private async swap(from: Item, to: Item): Promise<boolean> {
    if (this.desk.pinned.length >= mostPinned) return (await this.takeDown(from, 'step')) && this.putUp(to, 'step');
    return (await this.putUp(to, 'step')) && this.takeDown(from, 'step');
  }

  /** Goes on in the line-up, or back; if somebody else was faster, nothing is passed over. */
  private async line(way: 'next' | 'previous', from: string, to: Item): Promise<boolean> {
    const params = { path: { room: this.desk.room } };
    const done = (await this.send('step', (client, signal) => way === 'next'
      ? client.POST('/api/v1/rooms/{room}/next', { params, body: { from }, signal })
      : client.POST('/api/v1/rooms/{room}/previous', { params, body: { from }, signal }))) !== undefined;
    if (done && this.desk.lineup) this.desk.lineup = { ...this.desk.lineup, line: to.id };
    return done;
  }

  /** Changes a price: in the line, where the product has one, so that it holds in this show alone. `on`: the revision that was seen. */
  async price(p: Item, price: number, on?: number): Promise<boolean> {
    const line = this.desk.order.find((q) => q.id === p.id && q.line)?.line;
    let made = on;
    return this.does(p.id, async () => (made = line ? await this.reprice(p, price, on) : await this.change(p, { price }, on)) !== undefined, {
      kind: 'price', item: { ...p, price },
      undo: async () => (line ? await this.reprice(p, line.priced ? p.price : null, made) : await this.change(p, { price: p.price }, made)) !== undefined,
    });
  }

  /** Puts a product behind the present line of the run of show, from wherever it was found. */
  async putNext(p: Item): Promise<boolean> {
    const { order, lineup } = this.desk;
    const at = order.findIndex((q) => q.id === p.id);
    const before = order[at - 1]?.id ?? '';
    if (!lineup || lineup.line === p.id) return false;
    return this.does(p.id, () => this.putBehind(p), { kind: 'next', item: p, undo: () => (at < 0 ? this.takeOut(p) : this.putBehind(p, before)) });
  }

  /** Moves a line up or down. */
  async move(p: Item, by: 1 | -1): Promise<boolean> {
    const { order } = this.desk;
    const at = order.findIndex((q) => q.id === p.id);
    const to = at + by;
    if (at < 0 || to < 0 || to >= order.length) return false;
    return this.place(p, order[by > 0 ? to : to - 1]?.id ?? '');
  }

  /** Puts a product behind another one in the run of show; "": in front of all. */
  async place(p: Item, after: string): Promise<boolean> {
    const { order } = this.desk;
    const at = order.findIndex((q) => q.id === p.id);
    const before = order[at - 1]?.id ?? '';
    if (after === p.id || (at >= 0 && after === before)) return false;
    return this.does(p.id, () => this.putBehind(p, after), { kind: 'moved', item: p, undo: () => (at < 0 ? this.takeOut(p) : this.putBehind(p, before)) });
  }

  /** Without `after` the server takes the line that is the present one when it is asked: another dock may just have gone on. */
  private async putBehind(p: Item, after?: string): Promise<boolean> {
    const { show, lineup } = this.desk;
    const done = await this.send(p.id, (client, signal) =>
      client.PUT('/api/v1/shows/{show}/lineup/{product}/place', { params: { path: { show, product: p.id } }, body: { ...(after === undefined ? {} : { after }), ...(lineup && { rev: lineup.rev }) }, signal }));
    return this.reordered(done, (order, line) => {
      const behind = after ?? line;
      const others = order.filter((q) => q.id !== p.id);
      others.splice(behind ? others.findIndex((q) => q.id === behind) + 1 : 0, 0, order.find((q) => q.id === p.id) ?? { ...p, line: { note: '', priced: false, rev: p.rev } });
      return others;
    });
  }

  private async takeOut(p: Item): Promise<boolean> {
    const { show, lineup } = this.desk;
    const done = await this.send(p.id, (client, signal) =>
      client.DELETE('/api/v1/shows/{show}/lineup/{product}', { params: { path: { show, product: p.id }, ...(lineup && { header: { 'If-Match': `"${lineup.rev}"` } }) }, signal }));
    return this.reordered(done, (order) => order.filter((q) => q.id !== p.id));
  }

  /** Shows the new order at once; the next reading of the line-up confirms it. */
  private reordered(answer: unknown, to: (order: readonly Item[], line: string) => readonly Item[]): boolean {
    if (answer === undefined) return false;
    const { rev, line } = fieldsOf<'PlacedBody'>(answer);
    if (this.desk.lineup && typeof rev === 'number' && rev > this.desk.lineup.rev) {
      this.desk.lineup = { rev, line: textOf(line) };
      this.desk.order = to(this.desk.order, textOf(line));
    }
    return true;
  }

  async stock(p: Item, stock: Stock): Promise<boolean> {
    let made: number | undefined;
    return this.does(p.id, async () => (made = await this.change(p, { stock })) !== undefined, {
      kind: 'stock', item: { ...p, stock }, undo: async () => (await this.change(p, { stock: p.stock }, made)) !== undefined,
    });
  }

  async add(body: NewProduct): Promise<Item | undefined> {
    let item: Item | undefined;
    await this.does('add', async () => {
      const made = await this.send('add', (client, signal) => client.POST('/api/v1/products', { body, signal }));
      item = made ? this.desk.learn(made) : undefined;
      if (item && !this.desk.lineup) this.desk.order = [...this.desk.order, item];
      return item !== undefined;
    });
    if (item) {
      const { id } = item;
      this.note({ kind: 'add', item, undo: async () => {
        const gone = await this.send('add', (client, signal) => client.DELETE('/api/v1/products/{product}', { params: { path: { product: id } }, signal }));
        if (gone) this.desk.refresh();
        return gone !== undefined;
      } });
    }
    return item;
  }

  /** Takes back what was done last, while that is offered. A deed that others see already may still wait for its answer. */
  async undo(): Promise<boolean> {
    await this.sent;
    const { last } = this;
    if (!last?.undo) return false;
    this.note(undefined);
    return this.does(last.item.id, last.undo, { kind: 'undone', item: last.item });
  }

  private async does(where: string, act: () => Promise<boolean>, deed?: Deed): Promise<boolean> {
    if (this.desk.locked || this.busy.has(where)) return false;
    this.trouble = undefined;
    this.busy.add(where);
    this.host.requestUpdate();
    this.sent = act().then((done) => {
      this.busy.delete(where);
      if (done && deed) this.note(deed);
      this.host.requestUpdate();
      return done;
    });
    return this.sent;
  }

  private note(deed: Deed | undefined): void {
    clearTimeout(this.timer);
    this.last = deed;
    this.timer = setTimeout(() => {
      this.last = undefined;
      this.host.requestUpdate();
    }, undoSeconds * 1000);
    this.host.requestUpdate();
  }

  private async putUp({ id }: Item, where: string): Promise<boolean> {
    return (await this.send(where, (client, signal) => client.POST('/api/v1/rooms/{room}/pins', { params: { path: { room: this.desk.room } }, body: { product: id }, signal }))) !== undefined;
  }

  private async takeDown({ id }: Item, where: string): Promise<boolean> {
    return (await this.send(where, (client, signal) => client.DELETE('/api/v1/rooms/{room}/pins/{id}', { params: { path: { room: this.desk.room, id } }, signal }))) !== undefined;
  }

  /** Changes a product on the revision that was seen: what somebody else changed meanwhile is not overwritten. Gives the new revision. */
  private async change(p: Item, fields: { price?: number; stock?: Stock }, on?: number): Promise<number | undefined> {
    const rev = on ?? this.desk.known.get(p.id)?.rev ?? 0; // a show's card has a revision of its own
    const now = await this.send(p.id, (client, signal) => client.PATCH('/api/v1/products/{product}', { params: { path: { product: p.id } }, body: { rev, ...fields }, signal }));
    const item = now ? this.desk.learn(now) : undefined;
    return item?.rev;
  }

  /** Changes the price of a line; null: as in the catalogue. Gives the new revision of the line-up. */
  private async reprice(p: Item, price: number | null, on?: number): Promise<number | undefined> {
    const { show, lineup } = this.desk;
    const rev = on ?? lineup?.rev ?? 0;
    const now = fieldsOf<'LineBody'>(await this.send(p.id, (client, signal) =>
      client.PATCH('/api/v1/shows/{show}/lineup/{product}', { params: { path: { show, product: p.id } }, body: { rev, price }, signal })));
    if (!now.product) return undefined;
    this.desk.refresh();
    const made = (now as { rev?: unknown }).rev;
    return typeof made === 'number' ? made : rev;
  }

  /** Sends one request; undefined: it was not done, or nobody knows. */
  private async send(where: string, ask: (client: ReturnType<typeof clientOf>, signal: AbortSignal) => Promise<Answer>): Promise<unknown> {
    const fail = (why: Trouble['why'], detail = ''): undefined => void (this.trouble = { where, why, detail });
    let answer: Answer;
    try {
      answer = await ask(this.desk.client(), AbortSignal.timeout(patience));
    } catch {
      this.desk.lose();
      return fail('unanswered');
    }
    const { data, error, response: { ok, status } } = answer;
    if (ok) return data ?? {};
    if (status === 401) {
      this.desk.refused();
      return undefined;
    }
    if (status === 409 && where !== 'add') this.desk.refresh();
    const detail = textOf(fieldsOf<'ErrorModel'>(error).detail);
    if (status === 403) return fail('forbidden');
    return fail(status === 409 && where !== 'add' ? 'conflict' : status === 404 ? 'gone' : status === 429 || status >= 500 ? 'busy' : 'refused', detail);
  }
}
