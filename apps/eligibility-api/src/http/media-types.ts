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

/** Whether an Accept header allows one of the media types (RFC 9110 section 12.5.1): the most specific range decides. */
export const accepts = (accept: string | undefined, produced: readonly string[]): boolean => {
  if (accept === undefined || accept.trim() === '' || produced.length === 0) return true;
  const wanted = ranges(accept);
  return produced.some((type) => {
    const decides = [type, `${type.split('/', 1)[0]}/*`, '*/*'].flatMap((range) =>
      wanted.filter((candidate) => candidate.type === range).slice(0, 1),
    )[0];
    return decides !== undefined && decides.quality > 0;
  });
};

/** `application/json` of `application/json; charset=utf-8`. */
export const essence = (contentType: string): string => (contentType.split(';', 1)[0] ?? '').trim().toLowerCase();
