interface Range {
  readonly type: string;
  readonly quality: number;
}

/** `text/html;q=0.8, *\/*` as ranges. What cannot be read weighs as much as what has no q. */
const ranges = (accept: string): readonly Range[] =>
  accept.split(',').map((part) => {
    const [type = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    const q = parameters.find((parameter) => parameter.startsWith('q='));
    const quality = q === undefined ? 1 : Number(q.slice(2));
    return { type, quality: Number.isNaN(quality) ? 1 : quality };
  });

/** How much a media type is wanted, 0 for not at all (RFC 9110 section 12.5.1): the most specific range decides. */
const qualityOf = (type: string, wanted: readonly Range[]): number => {
  const decides = [type, `${type.split('/', 1)[0]}/*`, '*/*'].flatMap((range) =>
    wanted.filter((candidate) => candidate.type === range).slice(0, 1),
  )[0];
  return decides?.quality ?? 0;
};

const asksNothing = (accept: string | undefined): accept is undefined => accept === undefined || accept.trim() === '';

/** Whether an Accept header allows one of the media types. */
export const accepts = (accept: string | undefined, produced: readonly string[]): boolean => {
  if (asksNothing(accept) || produced.length === 0) return true;
  const wanted = ranges(accept);
  return produced.some((type) => qualityOf(type, wanted) > 0);
};

/** Which of the media types an Accept header wants most; of those wanted alike, and where it asks for nothing, the first. */
export const preferred = <T extends string>(accept: string | undefined, produced: readonly [T, ...T[]]): T => {
  if (asksNothing(accept)) return produced[0];
  const wanted = ranges(accept);
  return produced.reduce((best, type) => (qualityOf(type, wanted) > qualityOf(best, wanted) ? type : best));
};

/** `application/json` of `application/json; charset=utf-8`. */
export const essence = (contentType: string): string => (contentType.split(';', 1)[0] ?? '').trim().toLowerCase();
