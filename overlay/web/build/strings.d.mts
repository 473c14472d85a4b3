type Table = Readonly<Record<string, object>>;
export const sections: readonly string[];
export function faults(table: Table): string[];
export function unused(table: Table, section: string, texts: readonly string[]): string[];
