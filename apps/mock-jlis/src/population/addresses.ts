import type { Draws } from './mix.js';

interface City {
  name: string;
  /** First three digits of the post numbers. */
  postArea: string;
}

interface Prefecture {
  name: string;
  /** People, in ten thousands. */
  weight: number;
  cities: readonly City[];
}

/** All 47 prefectures: name, people in ten thousands, cities with their post areas. Towns and lots below are invented. */
const PREFECTURES: readonly Prefecture[] = `
北海道 514 札幌市中央区 060 旭川市 070 函館市 040
青森県 120 青森市 030 八戸市 031
岩手県 118 盛岡市 020 一関市 021
宮城県 228 仙台市青葉区 980 石巻市 986
秋田県 93 秋田市 010 横手市 013
山形県 104 山形市 990 鶴岡市 997
福島県 179 福島市 960 いわき市 970
茨城県 284 水戸市 310 つくば市 305
栃木県 191 宇都宮市 320 小山市 323
群馬県 191 前橋市 371 高崎市 370
埼玉県 734 さいたま市浦和区 330 川越市 350 川口市 332
千葉県 627 千葉市中央区 260 船橋市 273 柏市 277
東京都 1404 千代田区 100 世田谷区 154 練馬区 176 八王子市 192
神奈川県 923 横浜市中区 231 川崎市川崎区 210 相模原市中央区 252
新潟県 215 新潟市中央区 951 長岡市 940
富山県 102 富山市 930 高岡市 933
石川県 112 金沢市 920 小松市 923
福井県 75 福井市 910 敦賀市 914
山梨県 80 甲府市 400 富士吉田市 403
長野県 202 長野市 380 松本市 390
岐阜県 195 岐阜市 500 大垣市 503
静岡県 358 静岡市葵区 420 浜松市中央区 430
愛知県 750 名古屋市中区 460 豊田市 471 豊橋市 440
三重県 174 津市 514 四日市市 510
滋賀県 141 大津市 520 彦根市 522
京都府 255 京都市中京区 604 宇治市 611
大阪府 878 大阪市北区 530 堺市堺区 590 東大阪市 577
兵庫県 540 神戸市中央区 650 姫路市 670 西宮市 662
奈良県 131 奈良市 630 橿原市 634
和歌山県 90 和歌山市 640 田辺市 646
鳥取県 54 鳥取市 680 米子市 683
島根県 66 松江市 690 出雲市 693
岡山県 186 岡山市北区 700 倉敷市 710
広島県 276 広島市中区 730 福山市 720
山口県 131 山口市 753 下関市 750
徳島県 70 徳島市 770 阿南市 774
香川県 93 高松市 760 丸亀市 763
愛媛県 131 松山市 790 今治市 794
高知県 68 高知市 780 南国市 783
福岡県 512 福岡市中央区 810 北九州市小倉北区 802 久留米市 830
佐賀県 80 佐賀市 840 唐津市 847
長崎県 128 長崎市 850 佐世保市 857
熊本県 172 熊本市中央区 860 八代市 866
大分県 111 大分市 870 別府市 874
宮崎県 105 宮崎市 880 延岡市 882
鹿児島県 156 鹿児島市 890 霧島市 899
沖縄県 147 那覇市 900 沖縄市 904
`
  .trim()
  .split('\n')
  .map((line) => {
    const [name = '', weight = '', ...rest] = line.split(' ');
    const cities: City[] = [];
    for (let n = 0; n + 1 < rest.length; n += 2) cities.push({ name: rest[n] ?? '', postArea: rest[n + 1] ?? '' });
    return { name, weight: Number(weight), cities };
  });

const TOWNS =
  '本町 中央 栄町 緑町 旭町 幸町 桜町 東町 西町 南町 北町 大手町 若葉町 泉町 港町 新町 元町 末広町 宮前 朝日町 松原 竹園 梅田町 寿町 曙町 弥生 高砂 常盤 清水町 日の出町'.split(
    ' ',
  );
const FLATS = ['コーポ若葉', 'メゾン青空', 'ハイツ泉', 'グリーンハイム', '第二みどり荘', 'サンライズ'];

/** The prefectures' names, north to south. */
export const PREFECTURE_NAMES: readonly string[] = PREFECTURES.map(({ name }) => name);

/** One entry for every ten thousand people, so that a draw is one look-up. */
const BY_WEIGHT: readonly Prefecture[] = PREFECTURES.flatMap((prefecture) =>
  Array.from({ length: prefecture.weight }, () => prefecture),
);

const fullWidthDigits = (n: number): string =>
  [...String(n)].map((digit) => String.fromCodePoint(digit.charCodeAt(0) - 0x30 + 0xff10)).join('');
const DIGITS: readonly string[] = Array.from({ length: 1000 }, (_, n) => fullWidthDigits(n));

export interface Address {
  address: string;
  postNumber: string;
}

/** Where a household lives. */
export const addressOf = (draws: Draws, household: number): Address => {
  const prefecture = BY_WEIGHT[draws.draw('prefecture', household, BY_WEIGHT.length)] as Prefecture;
  const place = draws.draw('town', household, prefecture.cities.length * TOWNS.length);
  const city = prefecture.cities[place % prefecture.cities.length] as City;
  const town = Math.floor(place / prefecture.cities.length);
  const lot = draws.draw('lot', household, 9 * 40 * 30);
  const chome = 1 + (lot % 9);
  const ban = 1 + (Math.floor(lot / 9) % 40);
  const go = 1 + Math.floor(lot / 360);
  const flat = draws.draw('flat', household, FLATS.length * 900 * 2);
  const block = FLATS[flat % FLATS.length];
  // Half of the households live in a block of flats: rooms 101 to 999.
  const room = flat < FLATS.length * 900 ? `　${block}${DIGITS[100 + (Math.floor(flat / FLATS.length) % 900)]}号` : '';
  return {
    address: `${prefecture.name}${city.name}${TOWNS[town]}${DIGITS[chome]}丁目${DIGITS[ban]}番${DIGITS[go]}号${room}`,
    postNumber: `${city.postArea}-${String(town + 1).padStart(3, '0')}${chome}`,
  };
};
