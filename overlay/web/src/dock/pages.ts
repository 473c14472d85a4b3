interface Page<T> {
  readonly items?: readonly T[] | null;
  readonly next?: string | undefined;
}

/** Reads a list to its end, page after page; nothing where one of them did not come. */
export async function whole<T>(read: (page: { limit: number; cursor?: string }) => Promise<Page<T> | undefined>): Promise<T[] | undefined> {
  const all: T[] = [];
  for (let cursor = ''; ; ) {
    const page = await read({ limit: 100, ...(cursor && { cursor }) });
    if (!page) return undefined;
    all.push(...(page.items ?? []));
    if (!page.next) return all;
    cursor = page.next;
  }
}
