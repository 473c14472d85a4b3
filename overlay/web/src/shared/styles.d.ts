/** A style sheet as text, with all its imports. */
declare module '*.css?text' {
  const text: string;
  export default text;
}

/** The same, for a shadow root: rules for the page apply to the host element. */
declare module '*.css?shadow' {
  const text: string;
  export default text;
}
