import type { Event } from 'vscode';
import type { AnswerTexts, RowGrades } from '../../protocol/dataset-grades.ts';
import type { Studio } from '../studio.ts';
import type { RemoteDatasets } from './remote-datasets.ts';

/** What grades the answers of a row that is read. */
export interface RowGrading {
  /** Something else grades now, or there are other grades. */
  readonly onDidChange: Event<void>;
  /**
   * @param texts asked for only where something grades; null for a row without answers
   * @param ask the person asks for grades that do not come at once
   * @returns null where nothing grades, or there are no answers
   */
  grades(texts: () => Promise<AnswerTexts | null>, ask: boolean, signal: AbortSignal): Promise<RowGrades | null>;
}

/** What the viewer needs of the extension. */
export interface ViewerServices extends Pick<Studio, 'runtime' | 'log'> {
  readonly remotes: RemoteDatasets;
  readonly grading: RowGrading;
}
