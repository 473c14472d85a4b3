const rows = 3; // of names above the bars, at most
const apart = 15; // px that a short name needs

/** Something that happened at a moment, by a short name. */
export interface Mark {
  readonly at: number; // seconds since 1970
  readonly name: string;
}

/** The row of each mark, from the bars up, so that no two names of a row touch; -1: there is no room. */
export function rowsOf(marks: readonly { readonly x: number; readonly name: string }[]): number[] {
  const free = new Array<number>(rows).fill(-Infinity);
  return marks.map(({ x, name }) => {
    const row = free.findIndex((f) => x >= f);
    if (row >= 0) free[row] = x + apart * Math.max(1, name.length / 2);
    return row;
  });
}
