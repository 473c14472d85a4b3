/** File name of the operator's panel beside the page's module; given by the build. */
declare const OPERATOR_FILE: string;
