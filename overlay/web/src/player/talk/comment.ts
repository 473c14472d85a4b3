import { textOf } from '../../shared/api.ts';

/** A line of a viewer or of the host in the chat of a show. Times are in seconds since 1970. */
export interface Comment {
  readonly id: string;
  readonly name: string;
  readonly text: string;
  /** The moment of the picture that the writer saw. */
  readonly at: number;
  readonly host: boolean;
  readonly verified: boolean;
  readonly question: boolean;
  readonly answered: boolean;
  readonly likes: number;
  /** The comment that it answers; "": none. */
  readonly to: string;
  /** A viewer's own, on its way. */
  readonly pending?: boolean;
  /** This viewer likes it. */
  readonly liked?: boolean;
}

/** Reads a comment; undefined: it is none. */
export function parseComment(json: unknown): Comment | undefined {
  const { id, name, text, at, by, verified, question, answered, likes, reply_to: to } = (typeof json === 'object' && json !== null ? json : {}) as Record<string, unknown>;
  if (!textOf(id) || !textOf(text)) return undefined;
  return { id: textOf(id), name: textOf(name), text: textOf(text), at: Number(at) || 0, host: by === 'host', verified: verified === true, question: question === true, answered: answered === true, likes: Number(likes) || 0, to: textOf(to) };
}

export const parseComments = (json: unknown): Comment[] => (Array.isArray(json) ? json.flatMap((c) => parseComment(c) ?? []) : []);

/** What the page of a chat says. */
export interface Page {
  readonly open: boolean;
  readonly slow: number;
  readonly comments: readonly Comment[];
  readonly pinned: Comment | undefined;
  /** Where the page before begins; "": there is none. */
  readonly before: string;
  /** The server tells of news by itself. */
  readonly events: boolean;
  /** It leaves comments out. */
  readonly sampled: boolean;
  /** Only those write for whom the embedding site signs. */
  readonly signed: boolean;
  /** If there are no events: in how many seconds to ask again. */
  readonly every: number;
}

export function parsePage(json: unknown): Page {
  const { open, slow, comments, pinned, before, events, every, sampled, names } = (typeof json === 'object' && json !== null ? json : {}) as Record<string, unknown>;
  return { open: open === true, slow: Number(slow) || 0, comments: parseComments(comments), pinned: parseComment(pinned), before: textOf(before), events: events === true, sampled: sampled === true, signed: names === 'signed', every: Math.max(1, Number(every) || 3) };
}

const most = 400; // comments that a page keeps

/** The comments of a show, oldest first: their ids are in the order in which they were sent. */
export class Thread {
  list: readonly Comment[] = [];

  /** Takes comments, new ones or those that changed. */
  add(comments: readonly Comment[], keepOld = false): void {
    const all = new Map([...this.list, ...comments].map((c) => [c.id, c]));
    const list = [...all.values()].sort((a, b) => (a.pending === b.pending ? (a.id < b.id ? -1 : 1) : a.pending ? 1 : -1));
    this.list = keepOld ? list : list.slice(-most);
  }

  /** Takes the newest page, which has all of its time; `mine` are seen by their writer alone. */
  renew(page: readonly Comment[], mine: ReadonlySet<string>): void {
    const ids = new Set(page.map((c) => c.id));
    const oldest = [...ids].sort()[0] ?? '';
    this.list = this.list.filter((c) => c.id < oldest || c.pending || ids.has(c.id) || mine.has(c.id));
    this.add(page);
  }

  gone(ids: readonly unknown[]): void {
    this.list = this.list.filter((c) => !ids.includes(c.id));
  }
}

const span = 30; // seconds that are asked for at a time, so that caches have them
const back = 10; // spans that are shown before the present one

/** The comments of a recording, or of a live show further back, by the moment of the picture. */
export class Windows {
  private readonly known = new Map<number, { list: readonly Comment[]; again: number }>();

  /** load: asks for the comments between two moments; undefined: there is no answer. now: in seconds since 1970. */
  constructor(private readonly load: (from: number, to: number) => Promise<readonly Comment[] | undefined>, private readonly now = () => Date.now() / 1000) {}

  /** What had been said at a moment, as far as it is known. Asks for the rest: at first for what was just said. */
  at(moment: number): readonly Comment[] {
    const first = Math.floor(moment / span);
    for (const n of [first, first - 1, ...(moment % span > span / 2 ? [first + 1] : [])]) this.want(n);
    return Array.from({ length: back + 1 }, (_, i) => this.known.get(first - back + i)?.list ?? []).flat().filter((c) => c.at <= moment);
  }

  private want(n: number): void {
    const now = this.now();
    const was = this.known.get(n);
    if (was && now < was.again) return;
    this.known.set(n, { list: was?.list ?? [], again: now + 5 });
    // What may still come in is asked for again.
    void this.load(n * span, (n + 1) * span).then((list) => list && this.known.set(n, { list, again: (n + 1) * span + 15 < now ? Infinity : now + 5 }));
  }
}
