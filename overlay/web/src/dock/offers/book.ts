import type { Schemas } from '../../shared/api.ts';
import { patience, type Desk } from '../desk.ts';

export type Offer = Schemas['Offer'];

const every = 3000; // ms between two looks
const most = 100; // offers of a show that are read: the latest count

interface Book {
  show: string;
  list: readonly Offer[];
  at: number;
}
const books = new WeakMap<Desk, Book>();

const bookOf = (desk: Desk): Book => {
  let book = books.get(desk);
  if (book?.show !== desk.show) books.set(desk, (book = { show: desk.show, list: [], at: 0 }));
  return book;
};

/** Reads the offers of the show that is there: one look is for all that show them. `anew`: something was changed. */
export async function look(desk: Desk, anew = false): Promise<void> {
  const book = bookOf(desk);
  if (!desk.show || desk.locked || (!anew && (document.hidden || Date.now() - book.at < every))) return;
  book.at = Date.now();
  try {
    const { data } = await desk.client().GET('/api/v1/shows/{show}/offers', { params: { path: { show: book.show }, query: { limit: most } }, signal: AbortSignal.timeout(patience) });
    if (data) book.list = data.items ?? [];
  } catch {
    // what stands there counts on
  }
}

/** The offer of a product that is announced or open. */
export const offerOf = (desk: Desk, product: string): Offer | undefined => bookOf(desk).list.filter((o) => o.product === product && o.state !== 'ended').at(-1);

/** Whether viewers are asked for the price of an offer now. */
export const holds = (o: Offer, now: number): boolean => Date.parse(o.starts_at) <= now && now < Date.parse(o.ends_at) && !(o.limit_total && o.taken >= o.limit_total);
