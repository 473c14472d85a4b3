import { html, nothing, type TemplateResult } from 'lit';
import type { Studio } from '../context.ts';
import { wordsOf } from './words.ts';

/** The parts of the catalogue, as links over each of them. */
export function tabs(at: 'products' | 'categories' | 'pools' | 'imports', studio: Studio): TemplateResult {
  const words = wordsOf(studio.language);
  const tab = (part: typeof at, route: string, name: string): TemplateResult => html`<a href="#/catalogue${route}" aria-current=${part === at ? 'page' : nothing}>${name}</a>`;
  return html`<nav class="parts" aria-label=${words.parts}>
    ${tab('products', '', words.partProducts)}${tab('categories', '/categories', words.partCategories)}${tab('pools', '/pools', words.partPools)}${studio.may('goods') ? tab('imports', '/imports', words.partImports) : nothing}</nav>`;
}
