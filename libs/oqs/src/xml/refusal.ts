import { malformation, type Malformation, type MalformedCode, type Position } from '../faults.js';

/** Ends the reading of a message that cannot be read any further. Does not leave this folder. */
export class Refusal extends Error {
  readonly malformation: Malformation;

  constructor(code: MalformedCode, position?: Position) {
    super(code);
    this.malformation = malformation(code, position);
  }
}
