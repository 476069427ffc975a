/** A text for the counter in both languages. */
export interface Bilingual {
  readonly ja: string;
  readonly en: string;
}
