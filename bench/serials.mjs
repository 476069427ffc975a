/**
 * The card of the n-th person: any of them can be asked for without a list. One-to-one, and in no order, so that people who
 * follow one another do not lie side by side in an index. 32-bit steps that JavaScript and PostgreSQL both do exactly.
 */
const SPREAD = 2_654_435_761;
const SCATTER = 1_103_515_245;
const OFFSET = 12_345;
export const SERIAL_CHARACTERS = 16;

const HEX = Buffer.from('0123456789ABCDEF', 'latin1');

/** @param {number} index */
const lowOf = (index) => (Math.imul(index, SPREAD) + OFFSET) >>> 0;

/** @param {number} low */
const highOf = (low) => {
  const mixed = (Math.imul(low, SCATTER) + OFFSET) >>> 0;
  return (mixed ^ (mixed >>> 15)) >>> 0;
};

/**
 * Writes the serial of person `index` (from 1) as 16 upper-case hexadecimal digits.
 *
 * @param {Buffer} into
 * @param {number} at
 * @param {number} index
 */
export function writeSerial(into, at, index) {
  let low = lowOf(index);
  let high = highOf(low);
  for (let place = 7; place >= 0; place -= 1) {
    into[at + place] = /** @type {number} */ (HEX[high & 15]);
    into[at + 8 + place] = /** @type {number} */ (HEX[low & 15]);
    high >>>= 4;
    low >>>= 4;
  }
}

/** @param {number} index */
export function serialOf(index) {
  const text = Buffer.alloc(SERIAL_CHARACTERS);
  writeSerial(text, 0, index);
  return text.toString('latin1');
}

/**
 * The same as an SQL expression.
 *
 * @param {string} index an expression of type bigint
 */
export function serialSql(index) {
  const low = `((${index} * ${SPREAD} + ${OFFSET}) & 4294967295)`;
  const mixed = `((${low} * ${SCATTER} + ${OFFSET}) & 4294967295)`;
  return `upper(lpad(to_hex(${mixed} # (${mixed} >> 15)), 8, '0') || lpad(to_hex(${low}), 8, '0'))`;
}
