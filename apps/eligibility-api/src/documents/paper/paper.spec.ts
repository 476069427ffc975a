import { decodeQR } from 'qr/decode.js';

import { certificate, contents, declaration, notice, noticeOfTheReferenceDay, screen } from './contents.fixture.js';
import { drawDocument, NoGlyph, type DocumentContent } from './draw-document.js';
import { readPdf, UNREADABLE, type ReadPdf } from './read-pdf.fixture.js';
import { Typeface } from './typeface.js';

const AT = Date.parse('2026-11-22T00:00:00+09:00');

let typeface: Typeface;
beforeAll(async () => {
  typeface = await Typeface.load();
});

const draw = (content: DocumentContent, at = AT): Promise<Buffer> => drawDocument(typeface, content, at);
const read = async (content: DocumentContent): Promise<ReadPdf> => readPdf(await draw(content));

/** Everything that can be read, lines of a paragraph joined. */
const wordsOf = async (content: DocumentContent): Promise<string> => (await read(content)).texts.join('');

const noticeWith = (changes: Parameters<typeof notice>[0] = {}): DocumentContent => ({
  document: 'qualification-notice',
  content: notice(changes),
});
const certificateWith = (changes: Parameters<typeof certificate>[0] = {}): DocumentContent => ({
  document: 'qualification-certificate',
  content: certificate(changes),
});

describe.each(contents.map((content) => [content.document, content] as const))('%s', (_name, content) => {
  it('is one page on which every character can be read', async () => {
    const { pages, texts } = await read(content);
    expect(pages).toBe(1);
    expect(texts.length).toBeGreaterThan(15);
    expect(texts.join('')).not.toContain(UNREADABLE);
  });

  it('says whose it is, and of which insurer', async () => {
    const words = await wordsOf(content);
    const { name, nameKana, insurerName, insurerNumber, insuredCardSymbol, insuredIdentificationNumber } =
      content.content;
    for (const value of [name, nameKana, insurerName, insurerNumber, insuredCardSymbol, insuredIdentificationNumber])
      expect(words).toContain(value);
  });

  it('is the same file when it is drawn again, whatever was drawn in between', async () => {
    const first = await draw(content);
    for (const other of contents) await draw(other);
    expect((await draw(content)).equals(first)).toBe(true);
    expect((await draw(content, AT + 86_400_000)).equals(first)).toBe(false);
  });

  it('names nobody in what the file says of itself', async () => {
    const file = (await draw(content)).toString('latin1');
    for (const encoding of ['utf8', 'utf16le'] as const)
      expect(file).not.toContain(Buffer.from(content.content.name, encoding).toString('latin1'));
    expect(file).toContain('/Lang (ja-JP)');
  });
});

describe('characters', () => {
  it.each([
    '髙橋　太郎',
    '山﨑　𠮷乃',
    '𠮷田　邉子',
    '濵田　齋',
    'ｼｶｸ ﾀﾛｳ',
    'O’Neil, Zoë',
    '葛\u{E0100}城　辻\u{E0100}',
  ])('%s comes out as it was filed', async (name) => {
    expect(await wordsOf(noticeWith({ name }))).toContain(name);
    expect(typeface.missingIn(name)).toEqual([]);
  });

  it.each([
    ['outside of the font', '\u{2A6D6}田　太郎', 'U+2A6D6', 1],
    ['in the middle', '高\u{2A6D6}　太郎', 'U+2A6D6', 2],
    ['a way of writing that the font does not have', '葛\u{E0101}城', 'U+845B U+E0101', 1],
    ['a selector with nothing before it', '\u{E0100}城', 'U+E0100', 1],
    ['private use (外字)', '\u{E000}田', 'U+E000', 1],
    ['a control character', '高橋\u0007', 'U+0007', 3],
    ['half of a pair', '高\u{D842}', 'U+D842', 2],
    ['what stands for something lost', `高${UNREADABLE}`, 'U+FFFD', 2],
  ])('%s: nothing is drawn, and it is said which', async (_which, name, codePoint, at) => {
    const refused = await draw(noticeWith({ name })).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(NoGlyph);
    expect((refused as NoGlyph).missing).toEqual([{ pointer: '/name', codePoint, at }]);
    expect((refused as NoGlyph).message).not.toContain('高');
  });

  it('characters with one glyph are told apart from one document to the next', async () => {
    for (const name of ['\u{2F00}郎', '一郎', '\u{2F00}郎'])
      expect(await wordsOf(noticeWith({ name }))).toContain(name);
  });

  it('a text that is too long for its line is made smaller and broken, and is whole', async () => {
    const name = 'アレクサンドラ　マリア　フェルナンデス　デ　ラ　クルス　ゴンサレス　イ　ロドリゲス　𠮷田　𠮷野';
    for (const content of [noticeWith({ name }), certificateWith({ name })])
      expect(await wordsOf(content)).toContain(name);
    const address = `東京都千代田区霞が関${'１丁目２番３号'.repeat(12)}𠮷野ビル`;
    expect(await wordsOf({ document: 'eligibility-declaration', content: declaration({ address }) })).toContain(
      address,
    );
  });
});

describe('資格情報のお知らせ', () => {
  it('shows the four digits in that version, and no others anywhere', async () => {
    const words = await wordsOf({ document: 'qualification-notice', content: noticeOfTheReferenceDay() });
    expect(words).toContain('資格情報のお知らせと個人番号（マイナンバー）確認のお願い');
    expect(words).toContain('**** **** 6825');
    const without = await wordsOf(noticeWith());
    expect(without).not.toContain('個人番号');
    expect(without).not.toContain('****');
  });

  it('has a card to cut out, that says it is not enough by itself', async () => {
    const { texts } = await read(noticeWith());
    expect(texts.filter((text) => text === '資格情報のお知らせ')).toHaveLength(2);
    expect(texts).toContain('受診の際にはマイナ保険証があわせて必要です');
    expect(texts.filter((text) => text.includes('髙橋　太郎'))).toHaveLength(3);
  });

  it('shows a period with the rate from 70 on, in both places, and none before', async () => {
    const elderly = await read(
      noticeWith({ copay: { ratePercent: 20, validFrom: '2026-08-01', validTo: '2027-07-31' } }),
    );
    const days = '令和8年8月1日 から 令和9年7月31日 まで';
    expect(elderly.texts.filter((text) => text.includes(days))).toHaveLength(2);
    expect(elderly.texts.filter((text) => text.includes('2割'))).toHaveLength(2);
    expect(await wordsOf(noticeWith())).not.toContain('有効期間');
  });

  it('its code leads to マイナポータル', async () => {
    const { squares } = await read(noticeWith());
    expect(decoded(squares)).toBe('https://myna.go.jp/');
  });

  it('without symbol and branch (後期) there is a dash, not a gap', async () => {
    const { insuredCardSymbol: _symbol, insuredBranchNumber: _branch, ...rest } = notice();
    expect(await wordsOf({ document: 'qualification-notice', content: rest })).toContain(
      '記号 －　番号 1000001　（枝番）－',
    );
  });
});

describe('資格確認書', () => {
  it('says until when, what is owed, and the rate from 70 on', async () => {
    const words = await wordsOf(certificateWith());
    expect(words).toContain('有効期限　令和13年11月21日');
    expect(words).toContain('返納してください');
    expect(words).toContain('返納不要');
    expect(words).toContain('一部負担金の割合　2割（令和8年8月1日 から 令和9年7月31日 まで）');
    expect(words).toContain('被保険者氏名　山﨑　𠮷朗');
    expect(words).toContain('職権による交付');
  });

  it.each([
    ['shaho', '健康保険　資格確認書', '記号　1001　　番号　1000001　（枝番）02'],
    ['kokuho', '国民健康保険　資格確認書', '記号　1001　　番号　1000001　（枝番）02'],
    ['kouki', '後期高齢者医療　資格確認書', '被保険者番号　1000001'],
  ])('is called by its scheme: %s', async (scheme, title, number) => {
    const { texts } = await read(certificateWith({ scheme }));
    expect(texts).toContain(title);
    expect(texts).toContain(number);
  });

  it('shows no rate where there is none to show', async () => {
    const { copay: _copay, ...rest } = certificate({ basis: 'on-application' });
    const words = await wordsOf({ document: 'qualification-certificate', content: rest });
    expect(words).not.toContain('一部負担金');
    expect(words).toContain('申請による交付');
  });
});

describe('資格情報画面', () => {
  it('says when it was saved, and has dashes under 70', async () => {
    expect(await wordsOf({ document: 'qualification-screen', content: screen() })).toContain(
      '保存日時：令和8年11月22日 09:00 時点',
    );
    const { copay: _copay, ...rest } = screen();
    const { texts } = await read({ document: 'qualification-screen', content: rest });
    expect(texts.filter((text) => text === '－')).toHaveLength(2);
  });
});

describe('被保険者資格申立書', () => {
  it.each([
    [{ copay: { ratePercent: 30 } }, '■ ３割　　□ ２割　　□ １割　　□ わからない'],
    [{ copay: { ratePercent: 10 } }, '□ ３割　　□ ２割　　■ １割　　□ わからない'],
    [{ scheme: 'kokuho' }, '□ 社保　　■ 国保　　□ 後期'],
    [{ joinedWithinAMonth: true }, '■ １か月以内　　□ １か月以上前'],
    [{ sex1: '2' }, '□ 男　　■ 女'],
    [{ sex1: '3' }, '□ 男　　□ 女'],
  ])('%j is ticked', async (changes, ticked) => {
    expect(await wordsOf({ document: 'eligibility-declaration', content: declaration(changes) })).toContain(ticked);
  });

  it('a rate that nothing decides is not known to the form either', async () => {
    const { copay: _copay, ...rest } = declaration();
    expect(await wordsOf({ document: 'eligibility-declaration', content: rest })).toContain('■ わからない');
  });
});

/** The modules as a picture, four dots each, with the quiet zone around them. */
const decoded = (squares: ReadPdf['squares']): string => {
  const [first] = squares;
  if (first === undefined) return '';
  const origin = { x: Math.min(...squares.map(({ x }) => x)), y: Math.min(...squares.map(({ y }) => y)) };
  const at = (value: number): number => Math.round(value / first.size);
  const modules = Math.max(...squares.map(({ x }) => at(x - origin.x))) + 1;
  const quiet = 4;
  const dots = 4;
  const width = (modules + 2 * quiet) * dots;
  const data = new Uint8ClampedArray(width * width * 4).fill(255);
  for (const { x, y } of squares)
    for (let row = 0; row < dots; row += 1)
      for (let column = 0; column < dots; column += 1) {
        const dotX = (at(x - origin.x) + quiet) * dots + column;
        const dotY = (at(y - origin.y) + quiet) * dots + row;
        data.fill(0, (dotY * width + dotX) * 4, (dotY * width + dotX) * 4 + 3);
      }
  return decodeQR({ width, height: width, data });
};
