import { html, type TemplateResult } from 'lit';
import type { Studio } from '../context.ts';
import { uploaded } from '../parts/upload.ts';
import type { Words } from './words.ts';

/** A button that uploads a picture, and tells its path, or why there is none. */
export const pictureButton = (studio: Studio, words: Words, take: (path: string, wrong: string) => void): TemplateResult =>
  html`<label class="button file"><input type="file" class="sr" accept="image/*" @change=${async (e: Event) => {
    const field = e.target as HTMLInputElement;
    const file = field.files?.[0];
    if (!file) return;
    const { path, wrong } = await uploaded(studio, file);
    field.value = '';
    take(path, wrong);
  }} />${words.pictureUpload}</label>`;
