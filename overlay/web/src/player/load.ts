/** What knows the pieces that a show may need, and loads them; the browser keeps it. */
export const pieces = (): Promise<typeof import('./pieces.ts')> => import(new URL(PIECES_FILE, import.meta.url).href);
