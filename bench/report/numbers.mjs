/** @param {number} value */
export const count = (value) => (Number.isNaN(value) ? '' : Math.round(value).toLocaleString('en'));

/** @param {number} value */
export const percent = (value) => (Number.isNaN(value) ? '' : `${Math.round(value * 100)} %`);

/** Two digits after the point below ten, one below a hundred. @param {number} value */
export const ratio = (value) =>
  Number.isNaN(value) ? '' : value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : count(value);
