import { halfWidth } from './half-width.js';

/** A name part as written and as read. */
export interface NamePart {
  kanji: string;
  /** Half-width. */
  kana: string;
}

const read = (list: string): readonly NamePart[] =>
  list
    .trim()
    .split(/\s+/)
    .map((entry) => {
      const [kanji = '', kana = ''] = entry.split('/');
      return { kanji, kana: halfWidth(kana) };
    });

/**
 * Common family names, with the written variants that break software: 髙 and 﨑 are outside JIS X 0208,
 * 𠮷 is outside the basic plane (two UTF-16 units), 濵 and 邉 have several siblings.
 */
export const FAMILY_NAMES = read(`
佐藤/サトウ 鈴木/スズキ 高橋/タカハシ 田中/タナカ 伊藤/イトウ 渡辺/ワタナベ 山本/ヤマモト 中村/ナカムラ 小林/コバヤシ 加藤/カトウ
吉田/ヨシダ 山田/ヤマダ 佐々木/ササキ 山口/ヤマグチ 松本/マツモト 井上/イノウエ 木村/キムラ 林/ハヤシ 斎藤/サイトウ 清水/シミズ
山崎/ヤマザキ 森/モリ 池田/イケダ 橋本/ハシモト 阿部/アベ 石川/イシカワ 山下/ヤマシタ 中島/ナカジマ 石井/イシイ 小川/オガワ
前田/マエダ 岡田/オカダ 長谷川/ハセガワ 藤田/フジタ 後藤/ゴトウ 近藤/コンドウ 村上/ムラカミ 遠藤/エンドウ 青木/アオキ 坂本/サカモト
福田/フクダ 太田/オオタ 西村/ニシムラ 藤井/フジイ 金子/カネコ 岡本/オカモト 藤原/フジワラ 三浦/ミウラ 中野/ナカノ 原田/ハラダ
松田/マツダ 竹内/タケウチ 小野/オノ 中山/ナカヤマ 田村/タムラ 和田/ワダ 石田/イシダ 森田/モリタ 上田/ウエダ 原/ハラ
柴田/シバタ 酒井/サカイ 宮崎/ミヤザキ 横山/ヨコヤマ 工藤/クドウ 宮本/ミヤモト 内田/ウチダ 高木/タカギ 安藤/アンドウ 谷口/タニグチ
大野/オオノ 丸山/マルヤマ 今井/イマイ 河野/コウノ 藤本/フジモト 村田/ムラタ 武田/タケダ 上野/ウエノ 杉山/スギヤマ 増田/マスダ
小島/コジマ 平野/ヒラノ 大塚/オオツカ 千葉/チバ 久保/クボ 松井/マツイ 岩崎/イワサキ 桜井/サクライ 野口/ノグチ 木下/キノシタ
松尾/マツオ 野村/ノムラ 菊地/キクチ 佐野/サノ 大西/オオニシ 杉本/スギモト 新井/アライ 浜田/ハマダ 市川/イチカワ 古川/フルカワ
水野/ミズノ 小松/コマツ 島田/シマダ 小山/コヤマ 比嘉/ヒガ 金城/キンジョウ 勅使河原/テシガワラ 小鳥遊/タカナシ 一/ニノマエ 五十嵐/イガラシ
髙橋/タカハシ 髙木/タカギ 山﨑/ヤマサキ 岩﨑/イワサキ 𠮷田/ヨシダ 𠮷野/ヨシノ 濵田/ハマダ 渡邉/ワタナベ 齋藤/サイトウ 齊藤/サイトウ
`);

const MALE_OLDER = read(`
清/キヨシ 実/ミノル 勇/イサム 茂/シゲル 勝/マサル 正/タダシ 三郎/サブロウ 弘/ヒロシ 進/ススム 昇/ノボル 博/ヒロシ 和夫/カズオ 正雄/マサオ 幸雄/ユキオ
昭/アキラ 豊/ユタカ 修/オサム 誠/マコト 隆/タカシ 健一/ケンイチ 浩/ヒロシ 哲也/テツヤ 秀樹/ヒデキ 直樹/ナオキ 和彦/カズヒコ 達也/タツヤ 淳/ジュン 学/マナブ
剛/ツヨシ 純一/ジュンイチ 信行/ノブユキ 英二/エイジ
`);
const MALE_YOUNGER = read(`
大輔/ダイスケ 健太/ケンタ 拓也/タクヤ 翔太/ショウタ 翔/ショウ 大樹/ダイキ 亮/リョウ 雄太/ユウタ 蓮/レン 悠真/ユウマ 湊/ミナト 陽翔/ハルト 樹/イツキ 大翔/ヒロト
蒼/アオイ 律/リツ 朝陽/アサヒ 颯太/ソウタ 悠斗/ユウト 陸/リク 海斗/カイト 隼人/ハヤト 直人/ナオト 航/ワタル 圭/ケイ 涼/リョウ 大和/ヤマト 新/アラタ 暖/ダン
碧/アオ 結翔/ユイト 奏/カナデ
`);
const FEMALE_OLDER = read(`
和子/カズコ 幸子/サチコ 節子/セツコ 洋子/ヨウコ 弘子/ヒロコ 美智子/ミチコ 恵子/ケイコ 文子/フミコ 久子/ヒサコ 良子/ヨシコ 京子/キョウコ 悦子/エツコ 由美子/ユミコ 真由美/マユミ
明美/アケミ 久美子/クミコ 直美/ナオミ 陽子/ヨウコ 智子/トモコ 裕子/ユウコ 香織/カオリ 千代/チヨ ハナ/ハナ キヨ/キヨ 静江/シズエ 八重子/ヤエコ 純子/ジュンコ 典子/ノリコ
めぐみ/メグミ 礼子/レイコ 順子/ジュンコ 美代子/ミヨコ
`);
const FEMALE_YOUNGER = read(`
愛/アイ 美咲/ミサキ 彩/アヤ 舞/マイ 麻衣/マイ 葵/アオイ さくら/サクラ 陽菜/ヒナ 結衣/ユイ 凛/リン 結菜/ユイナ 芽依/メイ 紬/ツムギ 莉子/リコ 美月/ミツキ
千尋/チヒロ 遥/ハルカ 優花/ユウカ 彩花/アヤカ 萌/モエ 七海/ナナミ 咲良/サクラ 心春/コハル 杏/アン 澪/ミオ 花音/カノン ひまり/ヒマリ 楓/カエデ 琴音/コトネ
あかり/アカリ 栞/シオリ 詩/ウタ
`);

/** Given names by sex (1 male, 2 female) and by whether the person was born before 1975. */
export const givenNames = (sex: '1' | '2', birthYear: number): readonly NamePart[] => {
  if (sex === '1') return birthYear < 1975 ? MALE_OLDER : MALE_YOUNGER;
  return birthYear < 1975 ? FEMALE_OLDER : FEMALE_YOUNGER;
};

/** Kanji with a full-width space, kana with a half-width one, as registry files write them. */
export const fullName = (family: NamePart, given: NamePart): { kanjiName: string; kanaName: string } => ({
  kanjiName: `${family.kanji}　${given.kanji}`,
  kanaName: `${family.kana} ${given.kana}`,
});
