export const budgets: Readonly<Record<string, number>>;
export function weight(files: readonly Uint8Array[]): number;
export function breaches(apps: Readonly<Record<string, { weight: number; inputs: readonly string[] }>>): string[];
