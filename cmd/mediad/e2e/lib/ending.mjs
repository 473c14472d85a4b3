// What a file of tests has begun, and its ending.
import { after } from 'node:test';

const begun = []; // how each is ended

/**
 * Registers x to be ended behind the file's last test, by its stop, close or kill (or as the caller says); a function
 * is called. Gives x. A test may have ended it already: to end it twice must be no error.
 */
export function ends(x, how = ['stop', 'close', 'kill'].find((name) => name in x)) {
  begun.push(() => (typeof x === 'function' ? x() : x[how]()));
  return x;
}

/** Ends all that is registered, the latest first. What fails is told when the others have ended. */
export async function endAll() {
  const failures = [];
  while (begun.length) {
    try {
      await begun.pop()();
    } catch (err) {
      failures.push(err);
    }
  }
  if (failures.length) throw new AggregateError(failures, [`${process.argv[1]}: what did not end`, ...failures.map((err) => err.stack ?? err)].join('\n'));
}

after(endAll);
