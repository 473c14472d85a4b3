type Phrases = Readonly<Record<string, Readonly<Record<string, string>>>>;
type Table = Readonly<Record<string, Phrases>>;
export function tableIn(dir: string): Table;
export function sectionsOf(table: Table): readonly string[];
export function faults(table: Readonly<Record<string, object>>): string[];
export function unused(table: Readonly<Record<string, object>>, section: string, texts: readonly string[]): string[];
