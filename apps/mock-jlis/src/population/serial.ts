import { mix32 } from './mix.js';

/** Which person a serial belongs to and which of their certificates it is. */
export interface SerialOrigin {
  /** Index of a synthetic person. */
  index: number;
  /** 0 to 2³¹ − 1, see `certificates.ts`. */
  slot: number;
}

const HEX: readonly string[] = Array.from({ length: 256 }, (_, n) => n.toString(16).toUpperCase().padStart(2, '0'));
/** Looked up, because a serial is written for every certificate of the population stream. */
const hex8 = (n: number): string => `${HEX[n >>> 24]}${HEX[(n >>> 16) & 0xff]}${HEX[(n >>> 8) & 0xff]}${HEX[n & 0xff]}`;

/**
 * Serials of synthetic certificates: a Feistel network over 63 bits, so that they look random, never meet, and lead back
 * to their person without a table. The top bit stays clear: serials from 8000000000000000 up are free for the scenario
 * people.
 */
export class SerialMix {
  readonly #roundKeys: readonly number[];

  constructor(seed: number) {
    this.#roundKeys = [1, 2, 3, 4, 5, 6].map((round) => mix32(mix32(seed) ^ Math.imul(round, 0x9e3779b9)));
  }

  /** 16 hexadecimal digits, upper case. */
  serialOf({ index, slot }: SerialOrigin): string {
    let left = slot & 0x7fff_ffff;
    let right = index | 0;
    for (let round = 0; round < this.#roundKeys.length; round += 2) {
      right ^= mix32(left ^ this.#key(round));
      left ^= mix32(right ^ this.#key(round + 1)) & 0x7fff_ffff;
    }
    return hex8(left) + hex8(right);
  }

  /** The way back; `undefined` when the serial cannot be a synthetic one. */
  originOf(serial: string): SerialOrigin | undefined {
    if (!/^[0-7][0-9A-F]{15}$/.test(serial)) return undefined;
    let left = Number.parseInt(serial.slice(0, 8), 16);
    let right = Number.parseInt(serial.slice(8), 16) | 0;
    for (let round = this.#roundKeys.length - 2; round >= 0; round -= 2) {
      left ^= mix32(right ^ this.#key(round + 1)) & 0x7fff_ffff;
      right ^= mix32(left ^ this.#key(round));
    }
    return { index: right >>> 0, slot: left };
  }

  #key(round: number): number {
    return this.#roundKeys[round] ?? 0;
  }
}
