/**
 * mediad-cues: turns the timed ID3 of a mediad stream into the state of the
 * shop.
 *
 * Input: tags (or the text of their TXXX frame) with their media time. Output: the cues that playback
 * reaches, and the state of the shop at the playhead. No dependency, no clock, no DOM: the player of the
 * stream calls `tick` with the playhead. Anything that is not a cue of version 1, or is of an unknown kind,
 * is ignored, since new kinds may be added.
 */

export interface Product {
  readonly id: string;
  readonly rev?: number;
  readonly sku?: string;
  readonly title?: string;
  /** In minor units of `currency`. */
  readonly price?: number;
  readonly list_price?: number | null;
  readonly currency?: string;
  /** Digits of the currency's minor unit: people read price / 10^digits. */
  readonly digits?: number;
  readonly stock?: 'in' | 'low' | 'out' | 'preorder';
}

export interface Cue {
  readonly v: 1;
  readonly kind: string;
  readonly show: string;
  /** Number of the show's event; 0 on a pulse, which has none. */
  readonly seq: number;
  readonly at?: number;
  readonly product?: Product;
  readonly pinned?: readonly Product[];
  readonly viewers?: number;
  readonly data?: unknown;
  readonly [key: string]: unknown;
}

/** The state of the shop at the playhead. A new object after each change, otherwise the same one. */
export interface Shop {
  readonly show: string;
  readonly seq: number;
  /** In the order of pinning, the newest last. */
  readonly pinned: readonly Product[];
}

export interface Reached {
  readonly cue: Cue;
  /** Media time of the cue, in seconds. */
  readonly time: number;
  /** A state without news: each segment repeats the present state. */
  readonly repeat: boolean;
  /** The cue is before the point at which playback joined or to which it was moved. */
  readonly late: boolean;
}

const kinds =
  /^(state|product\.(pin|update|unpin)|(coupon|offer|poll|show)\.\w+|notice|pulse|custom)$/;

const nothing: Shop = { show: '', seq: -1, pinned: [] };

const hasId = (p: unknown): p is Product => typeof (p as Product | null)?.id === 'string';

/** Reads the JSON of one cue; null: it is none. */
export function parseCue(text: string): Cue | null {
  let c: Record<string, unknown>;
  try {
    c = JSON.parse(text);
  } catch {
    return null;
  }
  if (c?.['v'] !== 1 || typeof c['show'] !== 'string' || !kinds.test(String(c['kind']))) return null;
  if (c['kind'] === 'pulse') return { ...c, seq: 0 } as unknown as Cue;
  if (!Number.isSafeInteger(c['seq'])) return null;
  if (String(c['kind']).startsWith('product.') && !hasId(c['product'])) return null;
  if (c['kind'] === 'state') {
    const pinned = c['pinned'] ?? [];
    if (!Array.isArray(pinned)) return null;
    return { ...c, pinned: pinned.filter(hasId) } as unknown as Cue;
  }
  return c as unknown as Cue;
}

/** The text of the TXXX frame `mediad.cue` in one ID3v2.4 tag; null: there is none. */
export function cueText(tag: Uint8Array): string | null {
  // ID3v2.4 structure 3.1: "ID3", version 4.0, flags, size as four times seven bits.
  if (tag[0] !== 0x49 || tag[1] !== 0x44 || tag[2] !== 0x33 || tag[3] !== 4) return null;
  const size = (at: number): number =>
    ((tag[at]! & 127) << 21) | ((tag[at + 1]! & 127) << 14) | ((tag[at + 2]! & 127) << 7) | (tag[at + 3]! & 127);
  const end = Math.min(tag.length, 10 + size(6));
  let at = 10;
  if (tag[5]! & 0x40) at += size(10); // 3.2: the extended header counts itself
  while (at + 10 < end && tag[at]) {
    const next = at + 10 + size(at + 4);
    if (next > end) break;
    // 4.1.2: nothing compressed or encrypted; some frames have a length of four bytes first. Unsynchronisation changes nothing in UTF-8.
    const flags = tag[at + 9]!;
    const body = at + 10 + (flags & 1) * 4;
    // 4.2.6: TXXX, encoding 3 (UTF-8), description, NUL, value.
    if (String.fromCharCode(...tag.subarray(at, at + 4)) === 'TXXX' && !(flags & 12) && tag[body] === 3) {
      const [description, value] = new TextDecoder().decode(tag.subarray(body + 1, next)).split('\0');
      if (description === 'mediad.cue' && value) return value;
    }
    at = next;
  }
  return null;
}

/** The cue in one ID3v2.4 tag, or null. */
export function cueIn(tag: Uint8Array): Cue | null {
  const text = cueText(tag);
  return text === null ? null : parseCue(text);
}

/** The cue of an EXT-X-DATERANGE tag, from its attributes, or null. */
export function cueInRange(attributes: Readonly<Record<string, string>>): Cue | null {
  if (attributes['CLASS'] !== 'mediad.cue') return null;
  try {
    const bytes = atob((attributes['X-MEDIAD-DATA'] ?? '').replace(/-/g, '+').replace(/_/g, '/'));
    return parseCue(new TextDecoder().decode(Uint8Array.from(bytes, (c) => c.charCodeAt(0))));
  } catch {
    return null;
  }
}

/**
 * The shop after a cue; null: the cue is older than the shop. A state counts if its seq ≥ ours, an event if
 * its seq > ours. `known` finds an earlier description of the same revision of a product: a state that would
 * be too large leaves out list_price, then title.
 */
export function apply(shop: Shop, cue: Cue, known?: (p: Product) => Product | undefined): Shop | null {
  if (cue.kind === 'pulse') return shop;
  const was = cue.show === shop.show ? shop : nothing;
  const { show, seq, product: p } = cue;
  if (cue.kind === 'state') {
    if (seq < was.seq) return null;
    const pinned = (cue.pinned ?? []).map((q) => ({ ...known?.(q), ...q }));
    const same = seq === was.seq && JSON.stringify(pinned) === JSON.stringify(was.pinned);
    return same ? was : { show, seq, pinned };
  }
  if (seq <= was.seq) return null;
  let { pinned } = was;
  if (p && cue.kind === 'product.pin') pinned = [...pinned.filter((q) => q.id !== p.id), p];
  if (p && cue.kind === 'product.update') pinned = pinned.map((q) => (q.id === p.id ? { ...q, ...p } : q));
  if (p && cue.kind === 'product.unpin') pinned = pinned.filter((q) => q.id !== p.id);
  return { show, seq, pinned };
}

interface Entry {
  readonly cue: Cue;
  readonly time: number;
  done: boolean;
}

// 8,192 entries are four hours of a state every two seconds.
const memory = 8192;

const rank = (e: Entry): number => (e.cue.kind === 'state' ? Infinity : e.cue.seq);

const before = (a: Entry, b: Entry): boolean => a.time < b.time || (a.time === b.time && rank(a) < rank(b));

/** Cues by media time. They fire when playback reaches them. */
export class CueQueue {
  shop: Shop = nothing;
  private entries: Entry[] = [];
  private head = 0; // every entry before it is done
  private position = NaN; // the playhead at the last tick
  private origin = NaN; // where this run of playback began
  private facts = new Map<string, Product>();

  constructor(
    private readonly onCue: (reached: Reached) => void,
    private readonly onShop: (shop: Shop) => void,
  ) {}

  /** Takes a cue with its media time in seconds; false: it is known already. */
  add(cue: Cue, time: number): boolean {
    const entry: Entry = { cue, time, done: false };
    const { kind, show, seq, at } = cue;
    // An event has one place in a timeline; a state is repeated in each segment, a pulse comes each
    // second.
    const known = this.entries.some(
      ({ cue: c, time: t }) =>
        c.kind === kind && c.show === show && c.seq === seq &&
        (kind === 'pulse' ? c.at === at : kind !== 'state' || Math.abs(t - time) < 0.05),
    );
    if (known) return false;
    let i = this.entries.length;
    while (i > 0 && before(entry, this.entries[i - 1]!)) i--;
    this.entries.splice(i, 0, entry);
    this.head = Math.min(this.head, i);
    if (this.entries.length > memory && this.head > 0) {
      this.entries.shift();
      this.head--;
    }
    return true;
  }

  /** Fires the cues that playback has reached. A step back is a seek. */
  tick(now: number): void {
    // The first tick of a timeline is a seek, too: playback never reached the cues before the
    // playhead.
    if (!(now >= this.position - 0.1)) return this.seek(now);
    this.run(now, true);
  }

  /** Tells that playback was moved: the shop is rebuilt from the last state at or before the new place. */
  seek(now: number): void {
    // A player's small jump over a gap is no seek: cues in the gap were reached.
    if (now >= this.position && now < this.position + 0.6) return this.tick(now);
    const was = this.shop;
    const back = now < this.position;
    let from = this.entries.length - 1;
    while (from >= 0 && !(this.entries[from]!.cue.kind === 'state' && this.entries[from]!.time <= now)) from--;
    // Forward, with no state on the way: the present shop is still valid, and the events on the way are
    // added to it.
    if (back || from >= 0) {
      this.shop = nothing;
      this.entries.forEach((e, i) => (e.done = i < from));
      this.head = 0;
    }
    // Joining takes a moment: a cue that is reached during it was not missed.
    this.origin = Number.isNaN(this.position) ? now - 0.25 : now;
    this.position = now;
    this.run(now);
    if (this.shop.pinned !== was.pinned) this.onShop(this.shop);
  }

  /** Media time of the next cue that playback has not reached. */
  next(): number | undefined {
    return this.entries[this.head]?.time;
  }

  /** A new timeline begins, for example for a new player; the shop stays until a cue changes it. */
  restart(): void {
    this.entries = [];
    this.head = 0;
    this.position = this.origin = NaN;
  }

  /** The show is over: nothing is pinned any more. */
  reset(): void {
    const was = this.shop;
    this.restart();
    this.shop = nothing;
    if (was.pinned.length) this.onShop(this.shop);
  }

  /** `each`: tells of each change of the shop, and not of the last alone. Between two ticks a product may be taken down and pinned again. */
  private run(now: number, each = false): void {
    this.position = Math.max(now, this.position);
    for (; this.head < this.entries.length; this.head++) {
      const entry = this.entries[this.head]!;
      // Half a 90-kHz tick: a frame and its cue have the same time, but not the same rounding.
      if (entry.time > now + 5e-6) break;
      const { pinned } = this.shop;
      if (!entry.done) this.reach(entry);
      if (each && this.shop.pinned !== pinned) this.onShop(this.shop);
    }
  }

  private reach(entry: Entry): void {
    entry.done = true;
    const { cue, time } = entry;
    const shop = apply(this.shop, cue, (p) => this.facts.get(factKey(cue, p)));
    if (!shop) return;
    const repeat = cue.kind === 'state' && shop === this.shop;
    this.shop = shop;
    for (const p of shop.pinned) this.facts.set(factKey(cue, p), p);
    const late = time < this.origin;
    // An event that playback jumped over changes the shop, but it was not reached.
    if (!late || cue.kind === 'state') this.onCue({ cue, time, repeat, late });
  }
}

const factKey = (cue: Cue, p: Product): string => `${cue.show}/${p.id}@${p.rev}`;
