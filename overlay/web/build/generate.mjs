// Writes src/generated: the types of the server's API from openapi.json, and a module for each section of strings/.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import openapiTS, { astToString } from 'openapi-typescript';
import { errorsModule, faults, moduleOf, saidModule, sectionsOf, tableIn } from './strings.mjs';

export async function generate() {
  const document = JSON.parse(readFileSync('openapi.json', 'utf8'));
  write('src/generated/api.ts', `// Made from openapi.json by build.mjs: DO NOT EDIT.\n${astToString(await openapiTS(document))}`);
  const table = tableIn('strings');
  const wrong = faults(table);
  if (wrong.length) throw new Error(`strings:\n${wrong.join('\n')}`);
  for (const section of sectionsOf(table)) write(`src/generated/strings/${section}.ts`, moduleOf(table, section));
  write('src/generated/strings/said.ts', saidModule(table));
  write('src/generated/strings/errors.ts', errorsModule(table));
}

function write(file, text) {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
