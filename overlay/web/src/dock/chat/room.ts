import { textOf, type Schemas } from '../../shared/api.ts';
import type { Said } from '../line.ts';

export type Comment = Schemas['HostComment'];

const most = 300; // comments that the dock keeps

/** The comments of a show, oldest first. */
export const merged = (list: readonly Comment[], news: readonly Comment[]): readonly Comment[] =>
  [...new Map([...list, ...news].map((c) => [c.id, c])).values()].sort((a, b) => (a.id < b.id ? -1 : 1)).slice(-most);

/** One comment is pinned at a time. */
export const pinnedOnly = (list: readonly Comment[], id: string): readonly Comment[] =>
  list.map((c) => (c.pinned === (c.id === id) ? c : { ...c, pinned: c.id === id }));

/** What an event of the room says of the chat of a show; undefined: nothing. */
export function heardOf({ kind, data }: Said, show: string): { comment?: Comment; pinned?: string; state?: boolean } | undefined {
  const { show: of, chat } = (typeof data === 'object' && data !== null ? data : {}) as { show?: unknown; chat?: Partial<Comment> | null };
  if (of !== show) return undefined;
  if (kind === 'chat.pinned') return { pinned: textOf(chat?.id) };
  if (kind === 'chat.state') return { state: true };
  return (kind === 'chat.comment' || kind === 'chat.change') && textOf(chat?.id) ? { comment: chat as Comment } : undefined;
}

/** A question that nobody has answered. */
export const waits = (c: Comment): boolean => c.question && !c.answered && c.state === 'shown';
