import './panel.ts';

/** Puts the operator's panel above the list of products. */
export function operate(room: string, locale: string): void {
  document.querySelector('.below')?.prepend(Object.assign(document.createElement('mediad-operator'), { id: 'operator', className: 'operator', room, locale }));
}
