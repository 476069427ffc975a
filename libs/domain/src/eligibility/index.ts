export * from './answer.js';
export { assess } from './assess.js';
export * from './facts.js';
