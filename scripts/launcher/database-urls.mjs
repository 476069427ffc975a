/** Who the service is in its database. Apart from database.mjs, so that a start that need not ask loads no driver. */

export const ownerRole = 'shikaku_owner';

/**
 * @typedef {{ owner: string, counter: string, office: string }} Passwords
 * @typedef {{ ownerUrl: string, counterUrl: string, officeUrl: string }} DatabaseUrls
 */

/**
 * Not just `<database>_counter`: in a database called shikaku that would be the group's own name.
 *
 * @param {string} database
 * @param {'counter' | 'office'} process
 */
export function loginRole(database, process) {
  return `${database}_${process}_login`;
}

/**
 * @param {(user: string, password: string, database: string) => string} url
 * @param {string} database
 * @param {Passwords} passwords
 * @returns {DatabaseUrls}
 */
export function databaseUrls(url, database, passwords) {
  return {
    ownerUrl: url(ownerRole, passwords.owner, database),
    counterUrl: url(loginRole(database, 'counter'), passwords.counter, database),
    officeUrl: url(loginRole(database, 'office'), passwords.office, database),
  };
}
