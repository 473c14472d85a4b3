export * from '../shared/price-text.ts';
