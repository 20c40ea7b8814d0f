/** Samples of a run, as the training panel asks for them. */

export interface SampleSet {
  readonly step: number;
  readonly set: 'train' | 'validation';
  readonly count: number;
}

export const SAMPLE_FILTERS = ['all', 'wrong', 'unparsed', 'dead', 'swapped'] as const;
export type SampleFilter = (typeof SAMPLE_FILTERS)[number];

export interface SamplesRequest {
  readonly folder: string;
  readonly step: number;
  readonly set: 'train' | 'validation';
  readonly filter: SampleFilter;
  /** Only those whose prompt or outputs contain it, without regard to case; empty is all. */
  readonly text: string;
  readonly from: number;
  readonly count: number;
}

export interface SampleOutput {
  readonly text: string;
  /** Of the whole text, in UTF-16 code units. */
  readonly chars: number;
  readonly verdict: string | null;
  readonly reward: number | null;
  readonly order: 'AB' | 'BA' | null;
  readonly tokens: number | null;
  readonly cut: boolean;
}

export interface SampleRow {
  /** Of the dataset, where the trainer says. */
  readonly row: number | null;
  readonly slice: string | null;
  readonly prompt: string;
  readonly promptChars: number;
  readonly outputs: readonly SampleOutput[];
  readonly gold: string | null;
  /** Mean over the outputs that have one. */
  readonly reward: number | null;
  readonly dead: boolean;
  readonly swapped: boolean;
}

/** `n` and how many of them. */
export interface Share {
  readonly hits: number;
  readonly n: number;
}

/** Over all samples of the set, whatever is filtered. */
export interface SampleRates {
  readonly counts: Readonly<Record<SampleFilter, number>>;
  /** Outputs by gold label and parsed verdict; null where labels are too many, or there are none. */
  readonly confusion: {
    readonly golds: readonly string[];
    /** The last is the one of outputs without a verdict. */
    readonly verdicts: readonly string[];
    readonly cells: readonly (readonly number[])[];
  } | null;
  /** Outputs whose verdict is the gold label. */
  readonly right: Share;
  /** The commonest gold label, always answered. */
  readonly majority: (Share & { readonly label: string }) | null;
  readonly unparsed: Share;
  /** Rows answered in both orders, and those whose commonest verdict is the same in both. */
  readonly swapAgreement: Share;
  /** Rows of two and more rewarded outputs, and those whose rewards are all the same. */
  readonly dead: Share;
  readonly slices: readonly { readonly value: string; readonly right: Share }[];
}

export interface SamplesPage {
  /** That pass filter and text. */
  readonly matching: number;
  readonly rows: readonly SampleRow[];
  readonly rates: SampleRates;
}
