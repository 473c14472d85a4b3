// The whole evening of evening.test.mjs, in Firefox.
process.env.MEDIAD_E2E_BROWSER = 'firefox';
await import('./evening.test.mjs');
