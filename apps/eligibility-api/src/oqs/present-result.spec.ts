import { describe, expect, it } from 'vitest';

import { limitInfoOf } from './present-result.js';

const limit = (classificationFlag: string) => ({
  classificationFlag,
  validFrom: '2026-08-01',
  validTo: '2027-07-31',
});

describe('限度額適用認定証関連情報', () => {
  it.each([
    ['A01', '01'],
    ['A04', '01'],
    ['A05', '02'],
    ['A06', '02'],
    ['B01', '01'],
    ['B04', '01'],
    ['B05', '02'],
    ['B08', '02'],
    ['B09', '01'],
    ['B10', '01'],
  ])('without a certificate, %s is that of class %s', (flag, classification) => {
    expect(limitInfoOf({ costLimit: limit(flag) })).toEqual({
      LimitApplicationCertificateClassification: classification,
      LimitApplicationCertificateClassificationFlag: flag,
      LimitApplicationCertificateValidStartDate: '20260801',
      LimitApplicationCertificateValidEndDate: '20270731',
    });
  });

  it('a certificate goes before the category', () => {
    expect(
      limitInfoOf({
        costLimit: limit('A03'),
        limitApplicationCertificateRelatedInfo: {
          limitApplicationCertificateClassification: '02',
          limitApplicationCertificateClassificationFlag: 'A05',
          limitApplicationCertificateValidStartDate: '2026-09-01',
        },
      }),
    ).toMatchObject({
      LimitApplicationCertificateClassification: '02',
      LimitApplicationCertificateClassificationFlag: 'A05',
      LimitApplicationCertificateValidStartDate: '20260901',
    });
  });

  it.each([
    ['nothing decides it', {}],
    ['it is withheld', { costLimit: { withheld: 'not-consented' as const } }],
  ])('is absent where %s', (_why, result) => {
    expect(limitInfoOf(result)).toBeUndefined();
  });
});
