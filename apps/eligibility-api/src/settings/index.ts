export { settingsSchema, type Settings } from './schema.js';
export { readSettings, SettingsRefused } from './settings.js';

/** Injection token of `Settings`. */
export const SETTINGS = Symbol('settings');
