import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Schemas, Studio } from '../context.ts';

const pages = 3; // of categories, 100 each: who has more writes them, or comes from their own page

/** What the list can be narrowed to: categories and pools of the organisation. */
export class Choices implements ReactiveController {
  categories: readonly string[] = [];
  pools: readonly Schemas['Pool'][] = [];

  constructor(private readonly host: ReactiveControllerHost, private readonly studio: () => Studio) {
    host.addController(this);
  }

  hostConnected(): void {
    void this.read();
  }

  async read(): Promise<void> {
    const { client, org } = this.studio();
    const pools = client.GET('/api/v1/pools', { params: { query: { org, limit: 100 } } });
    const categories: string[] = [];
    for (let n = 0, cursor: string | undefined; n < pages; n++) {
      const answer = await client.GET('/api/v1/categories', { params: { query: { org, limit: 100, ...(cursor ? { cursor } : {}) } } });
      categories.push(...(answer.data?.items ?? []).map((c) => c.path));
      cursor = answer.data?.next;
      if (!cursor) break;
    }
    this.categories = categories;
    this.pools = (await pools).data?.items ?? [];
    this.host.requestUpdate();
  }

  /** The pools that this organisation fills itself. */
  get own(): readonly Schemas['Pool'][] {
    const { org } = this.studio();
    return this.pools.filter((p) => p.org === org);
  }
}
