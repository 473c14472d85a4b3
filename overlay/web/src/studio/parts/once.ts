/** A value for the header Idempotency-Key: one for each thing that somebody makes, the same when it is sent again. */
export const newKey = (): string => Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, '0')).join('');
