import { fieldsOf, listOf, textOf } from '../../shared/api.ts';

/** A poll, as the picture and the server tell of it. */
export interface Poll {
  readonly id: string;
  readonly question: string;
  readonly options: readonly string[];
  /** For each option, how many chose it; undefined: hidden until the end. */
  readonly votes: readonly number[] | undefined;
  /** When it closes by itself, in ms of the server's clock; 0: when the host closes it. */
  readonly ends: number;
  readonly closed: boolean;
}

/** Reads a card; undefined: it is none. A sum, and the card of a full state, have no words. */
export function parsePoll(json: unknown): Poll | undefined {
  const c = fieldsOf<'PollCard'>(json);
  const id = textOf(c.id);
  const numbers = Array.isArray(c.votes) && c.votes.every(Number.isSafeInteger) ? (c.votes as number[]) : undefined;
  const options = Array.isArray(c.options) ? c.options.map(textOf) : [];
  return id ? { id, question: textOf(c.question), options, votes: numbers, ends: typeof c.ends === 'number' ? c.ends : 0, closed: c.closed === true } : undefined;
}

/** Reads the polls of a show. */
export const parsePolls = (json: unknown): Poll[] => listOf<'PollCard'>(fieldsOf<'PublicPolls'>(json).polls).map(parsePoll).filter((p): p is Poll => !!p?.question);

export const sum = (votes: readonly number[] | undefined): number => (votes ?? []).reduce((a, b) => a + b, 0);

/** A poll after newer news of it: words stay, and of two sums the later counts. The picture is late, so it may tell fewer votes than the answer to one's own. */
export function merge(was: Poll, now: Poll): Poll {
  const late = !now.closed && sum(now.votes) < sum(was.votes);
  return { ...now, question: now.question || was.question, options: now.options.length ? now.options : was.options, votes: late ? was.votes : (now.votes ?? was.votes), ends: now.ends || was.ends, closed: now.closed || was.closed };
}

/** What a cue does with the poll that stands over the picture; '': nothing. `gone` is the poll whose result was shown already. */
export function follow(kind: string, p: Poll | undefined, now: Poll | undefined, gone: string, replay: boolean): '' | 'open' | 'update' | 'close' | 'end' {
  if (kind === 'state' && !p) return now && !now.closed && !replay ? 'end' : '';
  if (!p) return '';
  const same = now?.id === p.id;
  if (kind === 'poll.open') return same && !replay && !now.closed ? '' : 'open';
  if (kind === 'poll.close') return replay ? '' : 'close';
  if (same) return now.closed ? '' : 'update';
  return kind === 'state' && gone !== p.id ? 'open' : '';
}
