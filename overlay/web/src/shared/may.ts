import type { Schemas } from './api.ts';

/** Whether roles allow something in an organisation, or, where a room is named, in that room. The server has the last word. */
export const may = (roles: Schemas['MeBody']['roles'] | undefined, action: NonNullable<Schemas['Granted']['may']>[number], org: string, room?: string): boolean =>
  (roles ?? []).some((g) => (!g.org || g.org === org) && (!room || !g.rooms?.length || g.rooms.includes(room)) && (g.may ?? []).includes(action));
