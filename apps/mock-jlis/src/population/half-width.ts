const FULL =
  'ァアィイゥウェエォオカキクケコサシスセソタチッツテトナニヌネノハヒフヘホマミムメモャヤュユョヨラリルレロワヲンー\u3099\u309a　';
const HALF = 'ｧｱｨｲｩｳｪｴｫｵｶｷｸｹｺｻｼｽｾｿﾀﾁｯﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓｬﾔｭﾕｮﾖﾗﾘﾙﾚﾛﾜｦﾝｰﾞﾟ ';

const TO_HALF = new Map([...FULL].map((full, n) => [full, HALF[n] ?? '']));

/**
 * Full-width katakana to the half-width kana of registry files: `ワタナベ` → `ﾜﾀﾅﾍﾞ`.
 * @throws {RangeError} on anything that is not katakana: only this app's own lists come here
 */
export const halfWidth = (katakana: string): string =>
  [...katakana.normalize('NFD')]
    .map((char) => {
      const half = TO_HALF.get(char);
      if (half === undefined) throw new RangeError('not katakana');
      return half;
    })
    .join('');
