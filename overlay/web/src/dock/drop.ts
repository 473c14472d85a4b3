/** A row of the list, and the height of its middle. */
export interface Row {
  readonly id: string;
  readonly middle: number;
}

/** The row behind which one that is dragged lands at a height; "": in front of all. Its own row does not count. */
export const afterDrop = (rows: readonly Row[], dragged: string, y: number): string => rows.filter((r) => r.id !== dragged && r.middle < y).at(-1)?.id ?? '';
