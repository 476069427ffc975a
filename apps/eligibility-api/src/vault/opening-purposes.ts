/** What an individual number may be opened for. The table's constraint has the same list; a new purpose is a migration. */
export const OPENING_PURPOSES = [
  /** The four digits on the notice that was sent once, in late August 2024. */
  'notice-last-four',
  /** Given on to the national system (中間サーバー) with a registration. */
  'registration',
  /** Somebody decides between candidates, or approves what another decided. */
  'review',
  /** A wrong link is found out and put right. */
  'correction',
  /** The person asks what is kept about them (開示). */
  'disclosure',
  /** Sealed anew under another key; nobody sees it. */
  'key-change',
] as const;
export type OpeningPurpose = (typeof OPENING_PURPOSES)[number];
