import './panel.ts';
import { place } from './place.css.ts';

/** Puts the operator's panel behind the picture: below it or beside it, as there is room. */
export function operate(room: string, locale: string): void {
  if (place.styleSheet) document.adoptedStyleSheets = [...document.adoptedStyleSheets, place.styleSheet];
  document.querySelector('.show')?.after(Object.assign(document.createElement('mediad-operator'), { id: 'operator', className: 'operator', room, locale }));
}
