import type { Certainty } from '../certainty.js';

/** Kanji that stand for each other in family and given names. */
export interface VariantGroup {
  /** At least two, none in another group. The first is the one that all of them are compared by. */
  readonly characters: string;
  readonly source: string;
  readonly certainty: Certainty;
}

/** 通用字体 and the いわゆる康熙字典体 beside it in brackets. */
const JOYO = '常用漢字表 (平成22年内閣告示第2号)';
/** Pairs of its part 一. */
const GIVEN_NAMES = '人名用漢字 (戸籍法施行規則 別表第二)';
/** 俗字 and 誤字 of family registers, each with its 正字. */
const REGISTERS = '誤字俗字・正字一覧表 (平成16年10月14日法務省民一第2842号通達、令和6年5月10日民一第1083号で改正)';

const groups = (source: string, certainty: Certainty, written: string): readonly VariantGroup[] =>
  written
    .trim()
    .split(/\s+/u)
    .map((characters) => ({ characters, source, certainty }));

/**
 * Variants (異体字), to explain by why two names are not the same. Nobody is found or registered by them: 高 and 髙 are two names,
 * and the registry keeps them apart. What this table leaves out differs without an explanation, which does no harm.
 */
export const VARIANT_GROUPS: readonly VariantGroup[] = [
  ...groups(
    JOYO,
    'certain',
    `亜亞 為爲 栄榮 衛衞 円圓 塩鹽 縁緣 応應 桜櫻 奥奧 横橫 温溫 会會 学學 楽樂 関關 亀龜 郷鄕 暁曉 勲勳 薫薰 恵惠 渓溪 県縣 剣劍 顕顯
     厳嚴 広廣 恒恆 国國 黒黑 参參 児兒 実實 寿壽 渋澁 将將 条條 浄淨 譲讓 真眞 慎愼 穂穗 瀬瀨 静靜 浅淺 荘莊 総總 蔵藏 増增 滝瀧 沢澤
     鉄鐵 伝傳 徳德 稲稻 豊豐 宝寶 万萬 満滿 弥彌 与與 様樣 来來 頼賴 竜龍 両兩 緑綠 礼禮`,
  ),
  ...groups(GIVEN_NAMES, 'certain', '尭堯 巌巖 桧檜 槙槇 遥遙 祢禰 凛凜 晃晄 亘亙'),
  ...groups(
    REGISTERS,
    'likely',
    // Some of these hold pairs of the lists above with a third: 浜 (濱) and 濵; 斉 (齊) and 斎 (齋), two characters that are taken for each other.
    '高髙 崎﨑嵜 吉𠮷 浜濱濵 辺邊邉 斎齋斉齊 島嶋嶌 峰峯 富冨 館舘 柳栁 桑桒 淵渕渊 橋𣘺 土圡 曽曾 船舩',
  ),
];
