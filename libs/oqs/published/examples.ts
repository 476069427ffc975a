import type { MessageToWrite, Kind } from '../src/kinds.js';

/** One message of each kind, about people who do not exist. */
const INSTITUTION = { MedicalInstitutionCode: '1319999999' };
const WHEN = { ProcessExecutionTime: '20260701093015' };
const FILE = { ArbitraryFileIdentifier: 'visit-0001' };
const ON = { QualificationConfirmationDate: '20260701' };
const GOOD = { SegmentOfResult: '1' };

const hanako = {
  InsurerNumber: '06139995',
  InsuredCardSymbol: '78-9',
  InsuredIdentificationNumber: '120',
  InsuredBranchNumber: '01',
};
const taro = { InsurerNumber: '138990', InsuredIdentificationNumber: '3004' };

const searchHanako = {
  ...hanako,
  Birthdate: '19850401',
  LimitApplicationCertificateRelatedConsFlg: '1',
  ArbitraryIdentifier: 'PT-1',
};
const searchTaro = { ...taro, Birthdate: '19500102', LimitApplicationCertificateRelatedConsFlg: '0' };

const personHanako = {
  InsuredCardClassification: '01',
  ...hanako,
  PersonalFamilyClassification: '2',
  InsuredName: '見本　一郎',
  Name: '見本　花子',
  NameKana: 'ﾐﾎﾝ ﾊﾅｺ',
  Sex1: '2',
  Birthdate: '19850401',
  Address: '東京都見本区見本町１－２－３',
  PostNumber: '100-0000',
  QualificationDate: '20240401',
  InsuredCardValidDate: '20240401',
  InsurerName: '見本健康保険組合',
};

const consents = {
  LimitApplicationCertificateRelatedConsFlg: '1',
  LimitApplicationCertificateRelatedConsTime: '20260701093015',
  LimitApplicationCertificateRelatedInfo: {
    LimitApplicationCertificateClassification: '01',
    LimitApplicationCertificateClassificationFlag: 'A03',
    LimitApplicationCertificateDate: '20250801',
    LimitApplicationCertificateValidStartDate: '20250801',
    LimitApplicationCertificateValidEndDate: '20260731',
  },
  SpecificDiseasesCertificateRelatedConsFlg: '1',
  SpecificDiseasesCertificateRelatedConsTime: '20260701093015',
  SpecificDiseasesCertificateList: {
    SpecificDiseasesCertificateInfo: [
      {
        SpecificDiseasesDiseaseCategory: '1',
        SpecificDiseasesCertificateDate: '20250401',
        SpecificDiseasesValidStartDate: '20250401',
        SpecificDiseasesSelfPay: '10000',
      },
    ],
  },
};

const viewing = {
  PharmacistsInfoConsFlg: '1',
  PharmacistsInfoConsTime: '20260701093015',
  PharmacistsInfoAvailableTime: '20260702093015',
  DiagnosisInfoConsFlg: '0',
};

const medicalAid = {
  InsuredCardClassification: 'A1',
  InsurerNumber: '12139990',
  InsuredIdentificationNumber: '9000001',
  PersonalFamilyClassification: '1',
  Name: '見本　次郎',
  Sex1: '1',
  Birthdate: '19600506',
  InsurerName: '見本福祉事務所',
  PublicExpenseResultList: {
    MedicalTicketInfo: [
      {
        TicketType: '01',
        MedicalTicketValidDate: '20260701',
        MedicalTicketExpirationDate: '20260731',
        MedicalTreatmentMonth: '202607',
        DesignatedMedicalInstitutionCode: INSTITUTION.MedicalInstitutionCode,
        DesignatedMedicalInstitutionFlag: '0',
        MedicalTreatmentType: '02',
        SelfPayAmount: '0',
        SingleOrCombinedUse: '01',
        StatusOfInfecton: '02',
      },
    ],
  },
};

const acknowledged = { ...WHEN, ...INSTITUTION, ...FILE, ...GOOD };
const received = { ReceptionNumber: '202607010001', ReceptionDateTime: '20260701093015' };
const collecting = { MessageHeader: INSTITUTION, MessageBody: { ReceptionNumber: received.ReceptionNumber } };
const receipt = { MessageHeader: acknowledged, MessageBody: received };
const counted = (all: number): MessageToWrite<'OQSmuquc02res'>['MessageHeader'] => ({
  ...acknowledged,
  ReceptionNumber: received.ReceptionNumber,
  NumberOfProcessingResult: `${all}`,
  NumberOfNormalProcessing: `${all}`,
  NumberOfError: '0',
});

const registered = { ReferenceNumber: '24434', ...hanako };
const wellDone = { ProcessingResultStatus: '1' };

export const EXAMPLES: { readonly [K in Kind]: MessageToWrite<K> } = {
  OQSsiquc01req: {
    MessageHeader: { ...ON, ...INSTITUTION, ...FILE },
    MessageBody: { QualificationConfirmSearchInfo: searchHanako },
  },
  OQSsiquc01res: {
    MessageHeader: { ...WHEN, ...ON, ...INSTITUTION, ...FILE, ReferenceClassification: '2', ...GOOD },
    MessageBody: {
      QualificationConfirmSearchInfo: searchHanako,
      ...wellDone,
      QualificationValidity: '1',
      ResultList: {
        ResultOfQualificationConfirmation: [{ ...personHanako, ...consents, ReferenceNumber: '24434' }],
      },
    },
  },
  OQSsiquc01res_face: {
    MessageHeader: {
      ...WHEN,
      ...ON,
      ...INSTITUTION,
      ArbitraryFileIdentifier: 'Mihon0Face0001A=',
      ReferenceClassification: '1',
      ...GOOD,
    },
    MessageBody: {
      PrescriptionIssueSelect: '2',
      ...wellDone,
      QualificationValidity: '1',
      ResultList: { ResultOfQualificationConfirmation: [{ ...personHanako, ...consents, ...viewing }] },
    },
  },
  OQSmuquc01req: {
    MessageHeader: { ...ON, ...INSTITUTION, ...FILE },
    MessageBody: { QualificationConfirmSearchInfo: [searchHanako, searchTaro] },
  },
  OQSmuquc01res: receipt,
  OQSmuquc02req: collecting,
  OQSmuquc02res: {
    MessageHeader: { ...counted(2), ...ON },
    MessageBody: {
      BulkConfirmUnit: [
        {
          QualificationConfirmSearchInfo: searchHanako,
          ...wellDone,
          QualificationValidity: '1',
          ResultOfQualificationConfirmation: [{ ...personHanako, LimitApplicationCertificateChanged: '0' }],
          ReferenceNumber: ['24434'],
        },
        { QualificationConfirmSearchInfo: searchTaro, ...wellDone, QualificationValidity: '4' },
      ],
    },
  },
  OQSsiimm01req: {
    MessageHeader: { ...INSTITUTION, ...FILE },
    MessageBody: { ReferenceNumberRegistrationInfo: registered },
  },
  OQSsiimm01res: {
    MessageHeader: acknowledged,
    MessageBody: { ReferenceNumberRegistrationInfo: registered, ...wellDone },
  },
  OQSmuimm01req: {
    MessageHeader: { ...INSTITUTION, ...FILE },
    MessageBody: { ReferenceNumberRegistrationInfo: [registered, { ReferenceNumber: '24435', ...taro }] },
  },
  OQSmuimm01res: receipt,
  OQSmuimm02req: collecting,
  OQSmuimm02res: {
    MessageHeader: { ...counted(2), NumberOfNormalProcessing: '1', NumberOfError: '1' },
    MessageBody: {
      BulkRegistrationUnit: [
        { ReferenceNumberRegistrationInfo: registered, ...wellDone },
        {
          ReferenceNumberRegistrationInfo: { ReferenceNumber: '24435', ...taro },
          ProcessingResultStatus: '2',
          ProcessingResultCode: 'SHK2001',
          ProcessingResultMessage: '被保険者証番号（InsuredIdentificationNumber）がありません。',
        },
      ],
    },
  },
  OQSmutic01req: {
    MessageHeader: { ...INSTITUTION, ...FILE },
    MessageBody: { QualificationConfirmSearchInfo: { MedicalTreatmentMonth: '202607' } },
  },
  OQSmutic01res: receipt,
  OQSmutic02req: collecting,
  OQSmutic02res: {
    MessageHeader: counted(1),
    MessageBody: {
      BulkConfirmUnit: [{ ...wellDone, QualificationValidity: '1', ResultOfQualificationConfirmation: [medicalAid] }],
    },
  },
  OQSmuhvq01req: {
    MessageHeader: { ...INSTITUTION, ...FILE },
    MessageBody: {
      QualificationConfirmSearchInfo: {
        ConsentDateFrom: '20260601',
        ConsentDateTo: '20260630',
        MedicalTreatmentFlag: '2',
      },
    },
  },
  OQSmuhvq01res: receipt,
  OQSmuhvq02req: collecting,
  OQSmuhvq02res: {
    MessageHeader: counted(1),
    MessageBody: {
      BulkConfirmUnit: [
        {
          ...wellDone,
          QualificationValidity: '1',
          ResultOfQualificationConfirmation: [{ ...personHanako, ...consents, ...viewing }],
        },
      ],
    },
  },
  OQSmuonq01req: {
    MessageHeader: { ...INSTITUTION, ...FILE },
    MessageBody: {
      QualificationConfirmSearchInfo: {
        ExaminationDateFrom: '20260601',
        ExaminationDateTo: '20260630',
        MedicalTreatmentFlag: '3',
      },
    },
  },
  OQSmuonq01res: receipt,
  OQSmuonq02req: collecting,
  OQSmuonq02res: {
    MessageHeader: counted(1),
    MessageBody: {
      BulkConfirmUnit: [{ ...wellDone, QualificationValidity: '1', ResultOfQualificationConfirmation: [personHanako] }],
    },
  },
};
