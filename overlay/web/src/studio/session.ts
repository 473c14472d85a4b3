import type { Client } from 'openapi-fetch';
import type { paths } from '../generated/api.ts';
import { clientByCookie } from '../shared/client.ts';
import type { Answer, Me, Org } from './context.ts';

const mostOrgs = 1000;

/** Who is signed in, and what they may see. */
export class Session {
  me: Me | undefined;
  orgs: readonly Org[] = [];
  readonly client: Client<paths>;

  /** `ended` hears that the session is over, by its time or by somebody. */
  constructor(ended: () => void) {
    this.client = clientByCookie(() => this.me?.csrf, () => {
      this.me = undefined;
      ended();
    });
  }

  /** Looks who is signed in: "in", "out", or what kept the server from saying. */
  async look(): Promise<Answer | 'in' | 'out'> {
    const answer = await this.client.GET('/api/v1/me');
    if (answer.response.status === 401) return 'out';
    return answer.data ? this.enter(answer.data) : answer;
  }

  /** Goes on as somebody who was let in. */
  async enter(me: Me): Promise<Answer | 'in'> {
    this.me = me;
    return (await this.readOrgs()) ?? 'in';
  }

  /** Reads roles and organisations anew: whoever adds an organisation has a role in it. */
  async refresh(): Promise<void> {
    const answer = await this.client.GET('/api/v1/me');
    if (answer.data) this.me = answer.data;
    await this.readOrgs();
  }

  /** Reads the organisations; what it gives is an answer that was none. */
  async readOrgs(): Promise<Answer | undefined> {
    const all: Org[] = [];
    let cursor: string | undefined;
    do {
      const answer = await this.client.GET('/api/v1/orgs', { params: { query: { limit: 100, ...(cursor ? { cursor } : {}) } } });
      if (answer.response.status === 403) break; // no role in any
      if (!answer.data) return answer;
      all.push(...(answer.data.items ?? []));
      cursor = answer.data.next;
    } while (cursor && all.length < mostOrgs);
    this.orgs = all;
    return undefined;
  }

  /** Signs out, here or everywhere; undefined: it is done. */
  async leave(everywhere: boolean): Promise<Answer | undefined> {
    const answer = await this.client.DELETE('/api/v1/session', { params: { query: { everywhere } } });
    if (!answer.response.ok && answer.response.status !== 401) return answer;
    this.me = undefined;
    this.orgs = [];
    return undefined;
  }
}
