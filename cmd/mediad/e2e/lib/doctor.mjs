// Runs mediad doctor.
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { binary } from './mediad.mjs';

/** Runs it to its end, and gives its exit code and what it wrote. */
export async function doctor(...args) {
  const p = spawn(binary, ['doctor', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = new Promise((ok) => p.once('close', ok));
  const [stdout, stderr] = await Promise.all([text(p.stdout), text(p.stderr)]);
  return { code: await exited, stdout, stderr };
}

/** What a report says is violated, but for pauses: a busy machine's publisher makes them. */
export const violated = (report) => report.violated.filter((v) => v.id !== 'A1.11');
