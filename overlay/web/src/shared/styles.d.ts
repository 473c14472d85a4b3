/** A style sheet as text, with all that it imports. */
declare module '*.css?text' {
  const text: string;
  export default text;
}

/** The same, with what it says of the page said of the element in whose shadow it is. */
declare module '*.css?shadow' {
  const text: string;
  export default text;
}
