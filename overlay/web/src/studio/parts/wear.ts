/** Puts a section's style sheet (`import text from './x.css?text'`) on the page. It stays, so its rules begin with the section's element. */
export function wear(text: string): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}
