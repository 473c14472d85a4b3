import { watched, worstFirst, type Watched } from '../../shared/condition.ts';
import { may } from '../../shared/may.ts';
import type { Action, Answer, Schemas, Studio } from '../context.ts';
import type { ImportHead } from '../imports/words.ts';
import { ownZone } from '../parts/zone.ts';
import { spanOf } from '../reports/span.ts';
import type { Shop } from '../shops/kinds.ts';
import type { Show } from '../shows/words.ts';

/** What the first page asks the server for. Nothing is asked that the role does not open: that stays undefined. */

const mostRooms = 1000;
export const counted = 50; // orders without a show; beyond, it says so

export interface Rooms {
  readonly all: readonly Watched[];
  readonly now: number; // the server's time, in ms
}

/** What changes slowly. */
export interface Slow {
  readonly on: readonly Show[];
  readonly planned: readonly Show[];
  readonly sales?: Schemas['Summary'] | undefined;
  readonly unmatched?: number | undefined;
  readonly shops?: readonly Shop[] | undefined;
  readonly imports?: readonly ImportHead[] | undefined;
}

/** What a shop has done of what a first show needs. */
export interface Begun {
  readonly goods: boolean;
  readonly ended: boolean;
}

/** Whether one may do something in the whole organisation: a role for some rooms alone does not open it. */
export const whole = ({ me, org }: Studio, action: Action): boolean => may((me.roles ?? []).filter((g) => !g.rooms?.length), action, org);

/** The organisation's days, or those of who reads it. */
export const zoneOf = ({ orgs, org }: Studio): string => orgs.find((o) => o.id === org)?.timezone || ownZone();

/** All rooms, worst first; or the answer that says why there are none. */
export async function readRooms({ client, org }: Studio): Promise<Rooms | Answer> {
  const rooms: Schemas['RoomBody'][] = [];
  let now = Date.now();
  let cursor: string | undefined;
  do {
    const answer = await client.GET('/api/v1/rooms', { params: { query: { org, limit: 100, ...(cursor ? { cursor } : {}) } } });
    if (!answer.data) return answer;
    now = Date.parse(answer.response.headers.get('date') ?? '') || Date.now();
    rooms.push(...(answer.data.items ?? []));
    cursor = answer.data.next;
  } while (cursor && rooms.length < mostRooms);
  return { all: worstFirst(rooms.map((room) => watched(room, now))), now };
}

export async function readSlow(studio: Studio): Promise<Slow | Answer> {
  const { client, org } = studio;
  const [figures, goods, orders] = [studio.may('figures'), whole(studio, 'goods'), whole(studio, 'figures')];
  const shows = (state: 'planned' | 'live' | 'paused') => client.GET('/api/v1/shows', { params: { query: { org, state, limit: 100, ...(figures && state !== 'planned' ? { figures } : {}) } } });
  const zone = zoneOf(studio);
  const [live, paused, planned, sales, unmatched, shops, imports] = await Promise.all([
    shows('live'), shows('paused'), shows('planned'),
    figures ? client.GET('/api/v1/reports', { params: { query: { org, by: 'show', ...spanOf('7', zone), timezone: zone } } }) : undefined,
    orders ? client.GET('/api/v1/orders', { params: { query: { org, unmatched: true, limit: counted + 1 } } }) : undefined,
    goods ? client.GET('/api/v1/shops', { params: { query: { org, limit: 50 } } }) : undefined,
    goods ? client.GET('/api/v1/imports', { params: { query: { org, limit: 50 } } }) : undefined,
  ]);
  const failed = [live, paused, planned, sales, unmatched, shops, imports].find((a) => a && !a.data);
  if (failed) return failed;
  return {
    on: [...(live.data?.items ?? []), ...(paused.data?.items ?? [])],
    planned: planned.data?.items ?? [],
    sales: sales?.data,
    unmatched: unmatched && (unmatched.data?.items?.length ?? 0),
    shops: shops && (shops.data?.items ?? []),
    imports: imports && (imports.data?.items ?? []),
  };
}

/** Asked until a first show is over: who sells for long is not asked every time. */
export async function readBegun({ client, org }: Studio): Promise<Begun | undefined> {
  const [goods, ended] = await Promise.all([client.GET('/api/v1/products', { params: { query: { org, limit: 1 } } }), client.GET('/api/v1/shows', { params: { query: { org, state: 'ended', limit: 1 } } })]);
  return goods.data && ended.data ? { goods: !!goods.data.items?.length, ended: !!ended.data.items?.length } : undefined;
}
