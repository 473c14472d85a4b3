import type { ReactiveControllerHost } from 'lit';
import { fieldsOf, textOf } from '../shared/api.ts';
import type { clientOf } from '../shared/access.ts';
import { readErrors } from '../shared/refusals.ts';
import { patience, type Desk } from './desk.ts';
import { neighbours, type Item, type Stock } from './item.ts';
import type { Seen } from './price-form.ts';
import { Revisions } from './revisions.ts';
import type { Told } from './told.ts';
import { Turns } from './turns.ts';

export const undoSeconds = 5;
const endPatience = 20_000; // ms: the answer waits until the end is in the picture
const mostPinned = 3; // one more takes down the oldest

/** What was done, and how it is taken back. */
export interface Deed {
  readonly kind: 'pin' | 'comes' | 'unpin' | 'price' | 'stock' | 'add' | 'next' | 'moved' | 'undone';
  readonly item: Item;
  readonly undo?: () => Promise<boolean>;
  /** What it takes its turn of, if that is not the product. */
  readonly turn?: string;
}

/** A deed whose turn has come. */
interface Begun {
  readonly act: () => Promise<boolean>;
  readonly deed?: Deed;
}

const theLineup = 'lineup'; // it has one revision, so its changes take turns
const attempts = 3; // of a change whose revision others overtake

/** Why something was not done. `where` is the product's id, or a part of the page: there the reason is shown. `early`: another deed is on its way, and one waits. */
export interface Trouble {
  readonly where: string;
  readonly why: 'unanswered' | 'forbidden' | 'conflict' | 'gone' | 'busy' | 'refused' | 'early' | 'unsent';
  /** What was pressed after it was not sent, either. */
  readonly dropped?: boolean;
  /** The server's own words. */
  readonly detail: string;
  /** Who has changed it meanwhile; "": not known. */
  readonly who?: string;
  /** The product as they left it, if it was the price that both changed. */
  readonly item?: Item;
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

const ofShown = (t: Told): boolean => t.kind === 'pin' || t.kind === 'unpin' || t.kind === 'lineup';
const ofOrder = (t: Told): boolean => t.kind === 'lineup';
const ofProduct = (p: Item) => (t: Told): boolean => t.product === p.id && (t.kind === 'update' || t.kind === 'lineup');

/** What people do in the dock. Each deed is one request, sent at once, or when the one before it on the same product is answered, or not at all; it can be taken back for some seconds. */
export class Deeds {
  last: Deed | undefined;
  trouble: Trouble | undefined;
  private readonly turns = new Turns();
  private readonly own = new Revisions();
  private readonly lastPriced = new Map<string, Seen>(); // the prices that this page gave lines
  private readonly busy = new Map<string, number>(); // deeds that are not answered
  private sent: Promise<unknown> = Promise.resolve(); // all that was asked for
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly host: ReactiveControllerHost, private readonly desk: Desk) {}

  /** How many deeds are not answered: more than one, and no other is taken on. */
  unanswered(where?: string): number {
    return where === undefined ? [...this.busy.values()].reduce((n, m) => n + m, 0) : (this.busy.get(where) ?? 0);
  }

  async pin(p: Item): Promise<boolean> {
    return this.does(p.id, () => {
      if (this.did('pin', p)) return undefined; // the same key twice
      const { pinned } = this.desk;
      const displaced = pinned.length >= mostPinned && !pinned.some((q) => q.id === p.id) ? pinned[0] : undefined;
      const line = this.desk.lineup?.line;
      return { act: () => this.putUp(p), deed: { kind: 'pin', item: p, undo: async () => (await this.takeDown(p, p.id, this.lineBefore(p, line))) && (!displaced || this.putUp(displaced, p.id, line)) } };
    });
  }

  async unpin(p: Item): Promise<boolean> {
    return this.does(p.id, () => (this.did('unpin', p) ? undefined : { act: () => this.takeDown(p), deed: { kind: 'unpin', item: p, undo: () => this.putUp(p, p.id, this.desk.lineup?.line) } }));
  }

  /** The line to go back to once `p` is taken back; undefined: somebody has gone on since, and that stays. */
  private lineBefore(p: Item, line: string | undefined): string | undefined {
    return this.desk.lineup?.line === p.id && (line === '' || this.desk.order.some((q) => q.id === line)) ? line : undefined;
  }

  /** Shows a product with the picture of a programme date; without a date, or where that picture has passed, at once. */
  async pinWith(p: Item, where: string, at: Date | undefined): Promise<boolean> {
    let cue = ''; // what waits for its picture
    const line = this.desk.lineup?.line;
    const act = async (): Promise<boolean> => {
      const made = at && (await this.pinned(p, where, at));
      if (made !== undefined) {
        const { id, due } = fieldsOf<'CueMade'>(made);
        if (due !== undefined) cue = textOf(id);
        return true;
      }
      if (at && this.trouble?.why !== 'conflict') return false;
      this.trouble = undefined;
      return this.putUp(p, where);
    };
    const undo = async (): Promise<boolean> => {
      if (cue && (await this.cancel(cue, where))) return true;
      this.trouble = undefined; // its picture has come
      return this.takeDown(p, where, this.lineBefore(p, line));
    };
    return this.does(where, () => ({ act, deed: { get kind() { return cue ? 'comes' : 'pin'; }, item: p, undo } }), p.id);
  }

  /** Whether the last deed was this one. */
  private did(kind: Deed['kind'], { id }: Item): boolean {
    return this.last?.kind === kind && this.last.item.id === id;
  }

  /** What `step` would show. */
  around(): ReturnType<typeof neighbours> {
    const { order, pinned, cursor, lineup } = this.desk;
    if (lineup) return neighbours(order, lineup.line);
    return neighbours(order.filter((p) => p.id === cursor || !pinned.some((q) => q.id === p.id)), cursor);
  }

  /** Shows the next product, or the one before, in place of the one that is shown; `instead`: the next one in stock. */
  async step(way: 'next' | 'previous' | 'instead'): Promise<boolean> {
    const to = this.around()[way];
    if (!to) return false;
    const lineup = way === 'instead' ? undefined : this.desk.lineup; // to show a line goes to it, too
    const from = lineup ? this.desk.order.find((p) => p.id === lineup.line) : this.desk.pinned.at(-1);
    const back = way === 'next' ? 'previous' : 'next';
    // It does not wait: the button named one product, and a second press must not pass over it.
    return this.does('step', () => lineup
      ? { act: () => this.line(way as 'next' | 'previous', lineup.line, to), deed: { kind: 'pin', item: to, undo: () => (from ? this.line(back, to.id, from) : this.takeDown(to, 'step', this.lineBefore(to, lineup.line))) } }
      : { act: () => (from ? this.swap(from, to) : this.putUp(to, 'step')), deed: { kind: 'pin', item: to, undo: () => (from ? this.swap(to, from) : this.takeDown(to, 'step')) } }, 'step', false);
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
    if (done) this.moveLine(to.id);
    return done;
  }

  /** Changes a price: in the line, where the product has one, so that it holds in this show alone. `on`: what was seen. */
  async price(p: Item, price: number, on: Seen): Promise<boolean> {
    const line = this.desk.order.find((q) => q.id === p.id && q.line)?.line;
    const turn = line ? theLineup : p.id;
    let made: number | undefined;
    const done = await this.does(p.id, () => ({
      act: async () => (made = line ? await this.reprice(p, price, on) : await this.change(p, { price }, on, on.rev)) !== undefined,
      deed: { kind: 'price', item: { ...p, price }, turn, undo: async () => (line ? await this.reprice(p, line.priced ? p.price : null, { rev: made ?? 0, price }) : await this.change(p, { price: p.price }, { price }, made)) !== undefined },
    }), turn);
    const now = line ? this.desk.order.find((q) => q.id === p.id) : this.desk.known.get(p.id);
    const { trouble } = this;
    if (!done && trouble?.why === 'conflict' && now && now.price !== price) this.trouble = { ...trouble, item: now };
    return done;
  }

  /** Puts a product behind the present line of the run of show, from wherever it was found. */
  async putNext(p: Item): Promise<boolean> {
    return this.does(p.id, () => {
      const { lineup } = this.desk;
      return lineup && lineup.line !== p.id ? { act: () => this.putBehind(p), deed: { kind: 'next', ...this.moved(p) } } : undefined;
    }, theLineup);
  }

  /** Moves a line up or down. */
  async move(p: Item, by: 1 | -1): Promise<boolean> {
    return this.does(p.id, () => {
      const { order } = this.desk;
      const at = order.findIndex((q) => q.id === p.id);
      const to = at + by;
      return at < 0 || to < 0 || to >= order.length ? undefined : this.toPlace(p, order[by > 0 ? to : to - 1]?.id ?? '');
    }, theLineup);
  }

  /** Puts a product behind another one in the run of show; "": in front of all. */
  async place(p: Item, after: string): Promise<boolean> {
    return this.does(p.id, () => (after === p.id ? undefined : this.toPlace(p, after)), theLineup);
  }

  private toPlace(p: Item, after: string): Begun | undefined {
    const { order } = this.desk;
    const at = order.findIndex((q) => q.id === p.id);
    return at >= 0 && after === (order[at - 1]?.id ?? '') ? undefined : { act: () => this.putBehind(p, after), deed: { kind: 'moved', ...this.moved(p) } };
  }

  /** What takes a line back to where it stands now. */
  private moved(p: Item): Omit<Deed, 'kind'> {
    const { order } = this.desk;
    const at = order.findIndex((q) => q.id === p.id);
    const before = order[at - 1]?.id ?? '';
    return { item: p, turn: theLineup, undo: () => (at < 0 ? this.takeOut(p) : this.putBehind(p, before)) };
  }

  /** Without `after` the server takes the line that is the present one when it is asked: another dock may just have gone on. */
  private async putBehind(p: Item, after?: string): Promise<boolean> {
    const { show, lineup } = this.desk;
    const done = await this.inOrder(lineup?.rev, (rev) => this.send(p.id, (client, signal) =>
      client.PUT('/api/v1/shows/{show}/lineup/{product}/place', { params: { path: { show, product: p.id } }, body: { ...(after === undefined ? {} : { after }), ...(rev === undefined ? {} : { rev }) }, signal }), ofOrder));
    return this.reordered(done, (order, line) => {
      const behind = after ?? line;
      const others = order.filter((q) => q.id !== p.id);
      others.splice(behind ? others.findIndex((q) => q.id === behind) + 1 : 0, 0, order.find((q) => q.id === p.id) ?? { ...p, line: { note: '', priced: false, rev: p.rev, shop: p.price } });
      return others;
    });
  }

  private async takeOut(p: Item): Promise<boolean> {
    const { show, lineup } = this.desk;
    const done = await this.inOrder(lineup?.rev, (rev) => this.send(p.id, (client, signal) =>
      client.DELETE('/api/v1/shows/{show}/lineup/{product}', { params: { path: { show, product: p.id }, ...(rev === undefined ? {} : { header: { 'If-Match': `"${rev}"` } }) }, signal }), ofOrder));
    return this.reordered(done, (order) => order.filter((q) => q.id !== p.id));
  }

  /** Asks for a change of the order, on the order that was seen: others may have changed a price in it meanwhile. */
  private async inOrder(rev: number | undefined, ask: (rev: number | undefined) => Promise<unknown>): Promise<unknown> {
    if (rev === undefined) return ask(rev);
    const ids = (): string => this.desk.order.map((q) => q.id).join();
    const seen = ids();
    return (await this.onto(rev, ask, () => (ids() === seen ? this.desk.lineup?.rev : undefined)))?.answer;
  }

  /** Shows the new order at once; the next reading of the line-up confirms it. */
  private reordered(answer: unknown, to: (order: readonly Item[], line: string) => readonly Item[]): boolean {
    if (answer === undefined) return false;
    const { rev, line } = fieldsOf<'PlacedBody'>(answer);
    if (this.desk.lineup && typeof rev === 'number' && rev > this.desk.lineup.rev) {
      this.own.made(this.desk.show, this.desk.lineup.rev, rev); // it was refused if anybody else had come between
      this.desk.lineup = { rev, line: textOf(line) };
      this.desk.order = to(this.desk.order, textOf(line));
    }
    return true;
  }

  async stock(p: Item, stock: Stock): Promise<boolean> {
    return this.does(p.id, () => this.toStock(this.newest(p), stock));
  }

  /** Says that a product is sold out, or there again. */
  async soldOut(p: Item): Promise<boolean> {
    return this.does(p.id, () => {
      const now = this.newest(p);
      return this.toStock(now, now.stock === 'out' ? 'in' : 'out');
    });
  }

  /** A product as the last answer has it: what the page shows may wait for its event. */
  private newest(p: Item): Item {
    return { ...p, stock: this.desk.known.get(p.id)?.stock ?? p.stock };
  }

  private toStock(p: Item, stock: Stock): Begun {
    let made: number | undefined;
    return {
      act: async () => (made = await this.change(p, { stock }, { stock: p.stock })) !== undefined,
      deed: { kind: 'stock', item: { ...p, stock }, undo: async () => (await this.change(p, { stock: p.stock }, { stock }, made)) !== undefined },
    };
  }

  async add(body: NewProduct): Promise<Item | undefined> {
    let item: Item | undefined;
    await this.does('add', () => ({ act: async () => {
      const made = await this.send('add', (client, signal) => client.POST('/api/v1/products', { body, signal }));
      item = made ? this.desk.learn(made) : undefined;
      if (item && !this.desk.lineup) this.desk.order = [...this.desk.order, item];
      return item !== undefined;
    } }), 'add', false);
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
    const { id } = last.item;
    const turn = last.turn ?? id;
    if (this.turns.full(turn)) return this.failed(id, 'early');
    this.note(undefined);
    return this.does(id, () => ({ act: last.undo!, deed: { kind: 'undone', item: last.item } }), turn);
  }

  /** Does something when its turn comes. What it is about is looked at then, and not when it was asked for; undefined: there is nothing left to do. */
  private async does(where: string, begin: () => Begun | undefined, turn = where, waits = true): Promise<boolean> {
    if (this.desk.locked) return false;
    if (!this.desk.maySell) return this.failed(where, 'forbidden');
    this.trouble = undefined;
    this.count(where, 1);
    const outcome = this.turns.take(turn, async () => {
      if (this.desk.locked) return 'dropped'; // never sent behind a lost line
      const begun = begin();
      const done = begun === undefined || (await begun.act());
      if (done && begun?.deed) this.note(begun.deed);
      return done;
    }, waits);
    const done = outcome.then((how) => {
      this.count(where, -1);
      if (how === 'early') this.failed(where, 'early');
      if (how === 'dropped') this.trouble = this.trouble ? { ...this.trouble, dropped: true } : { where, why: 'unsent', detail: '' };
      this.host.requestUpdate();
      return how === true;
    });
    this.sent = Promise.all([this.sent, done]);
    return done;
  }

  private count(where: string, by: 1 | -1): void {
    this.busy.set(where, this.unanswered(where) + by);
    this.host.requestUpdate();
  }

  private failed(where: string, why: Trouble['why'], detail = ''): false {
    this.trouble = { where, why, detail };
    this.host.requestUpdate();
    return false;
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

  /** Ends the show, and with it the broadcast. If somebody else has, that is as well. */
  async end(): Promise<boolean> {
    return this.does('end', () => ({ act: async () => {
      const signal = AbortSignal.timeout(endPatience);
      return (await this.send('end', (client) => client.POST('/api/v1/rooms/{room}/end', { params: { path: { room: this.desk.room } }, signal }))) !== undefined;
    } }), 'end', false);
  }

  /** Another show has begun: what was done in the last one is not taken back in it. */
  forget(): void {
    this.note(undefined);
  }

  /** Shows a product, and so makes its line the present one; `line`: that one instead. */
  private async putUp(p: Item, where = p.id, line?: string): Promise<boolean> {
    const done = (await this.pinned(p, where, undefined, line)) !== undefined;
    if (done && (line !== undefined || this.desk.order.some((q) => q.id === p.id))) this.moveLine(line ?? p.id);
    return done;
  }

  /** Notes the present line as an answer has it: its event may come later. */
  private moveLine(line: string): void {
    if (this.desk.lineup) this.desk.lineup = { ...this.desk.lineup, line };
  }

  /** Pins a product; undefined: it is not pinned. */
  private async pinned({ id }: Item, where: string, at?: Date, line?: string): Promise<unknown> {
    const body = { product: id, ...(at && { at: { date: at.toISOString() } }), ...(line === undefined ? {} : { line }) };
    return this.send(where, (client, signal) => client.POST('/api/v1/rooms/{room}/pins', { params: { path: { room: this.desk.room } }, body, signal }));
  }

  /** Cancels a cue that waits for its picture. */
  private async cancel(id: string, where: string): Promise<boolean> {
    return (await this.send(where, (client, signal) => client.DELETE('/api/v1/rooms/{room}/cues/{id}', { params: { path: { room: this.desk.room, id } }, signal }))) !== undefined;
  }

  private async takeDown({ id }: Item, where = id, line?: string): Promise<boolean> {
    const body = line === undefined ? {} : { body: { line } };
    const done = (await this.send(where, (client, signal) => client.DELETE('/api/v1/rooms/{room}/pins/{id}', { params: { path: { room: this.desk.room, id } }, ...body, signal }))) !== undefined;
    if (done && line !== undefined) this.moveLine(line);
    return done;
  }

  /** Asks for a change on a revision. Others may have overtaken it, also by a change of something else; if what was seen still holds, `next` gives the revision to go on from. */
  private async onto(rev: number, ask: (rev: number) => Promise<unknown>, next: () => number | undefined): Promise<{ answer: unknown; rev: number } | undefined> {
    for (let n = 1; ; n++) {
      const answer = await ask(rev);
      if (answer !== undefined) return { answer, rev };
      const now = this.trouble?.why === 'conflict' && n < attempts ? next() : undefined;
      if (now === undefined || now === rev) return undefined;
      this.trouble = undefined;
      rev = now;
    }
  }

  /** Changes a product as it was seen: what somebody else changed of it meanwhile is not overwritten. Gives the new revision. */
  private async change(p: Item, fields: { price?: number; stock?: Stock }, seen: { price?: number; stock?: Stock }, on?: number): Promise<number | undefined> {
    const now = (): Item | undefined => this.desk.known.get(p.id);
    const made = await this.onto(this.own.since(p.id, on ?? now()?.rev ?? 0), // a show's card has a revision of its own
      (rev) => this.send(p.id, (client, signal) => client.PATCH('/api/v1/products/{product}', { params: { path: { product: p.id } }, body: { rev, ...fields }, signal }), ofProduct(p)),
      () => (now()?.price === (seen.price ?? now()?.price) && now()?.stock === (seen.stock ?? now()?.stock) ? now()?.rev : undefined));
    if (!made) return undefined;
    const { rev } = fieldsOf<'PricedProduct'>(made.answer);
    if (typeof rev === 'number') this.own.made(p.id, made.rev, rev);
    return this.desk.learn(made.answer)?.rev;
  }

  /** Changes the price of a line; null: as in the catalogue. All lines have one revision, and only this one's price was seen. Gives the new revision of the line-up. */
  private async reprice(p: Item, price: number | null, on: Seen): Promise<number | undefined> {
    const { show } = this.desk;
    const mine = this.lastPriced.get(p.id);
    const seen = mine && mine.rev > on.rev ? mine : on; // this page has changed it while the next price was typed
    const made = await this.onto(this.own.since(show, on.rev),
      (rev) => this.send(p.id, (client, signal) => client.PATCH('/api/v1/shows/{show}/lineup/{product}', { params: { path: { show, product: p.id } }, body: { rev, price }, signal }), ofProduct(p)),
      () => (this.desk.order.find((q) => q.id === p.id)?.price === seen.price ? this.desk.lineup?.rev : undefined));
    if (!made) return undefined;
    void this.desk.refresh();
    const now = fieldsOf<'LineBody'>(made.answer) as { rev?: unknown; goods?: { price?: unknown } };
    if (typeof now.rev !== 'number') return made.rev;
    this.own.made(show, made.rev, now.rev);
    if (typeof now.goods?.price === 'number') this.lastPriced.set(p.id, { rev: now.rev, price: now.goods.price });
    return now.rev;
  }

  /** Sends one request; undefined: it was not done, or nobody knows. `about` is what others must have done for it to be refused as outdated. */
  private async send(where: string, ask: (client: ReturnType<typeof clientOf>, signal: AbortSignal) => Promise<Answer>, about: (t: Told) => boolean = ofShown): Promise<unknown> {
    const fail = (why: Trouble['why'], detail = ''): undefined => void this.failed(where, why, detail);
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
    if (status === 409 && where === 'end') return {};
    if (status === 409 && where !== 'add') await this.desk.refresh(where); // the reason says who has changed it, and to what
    const detail = textOf(fieldsOf<'ErrorModel'>(error).detail);
    if (status === 403) return fail('forbidden');
    if (status === 409 && where !== 'add') {
      fail('conflict');
      const who = this.desk.whoElse(about);
      if (this.trouble && who) this.trouble = { ...this.trouble, who };
      return undefined;
    }
    if (status === 404) return fail('gone');
    if (status === 429 || status >= 500) return fail('busy');
    await readErrors();
    return fail('refused', detail);
  }
}
