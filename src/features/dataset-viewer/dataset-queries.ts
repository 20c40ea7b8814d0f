/** The query process of one document: started with the first question, ended with the document or a reload. */

import type { AnswerPart } from '../../core/queries/questions.ts';
import type { Runtime } from '../../core/runtime.ts';
import type { PageQuery } from '../../protocol/dataset-page-queries.ts';
import type { Fault, Outcome } from '../../protocol/dataset-viewer.ts';
import { QueryProcess } from './query-process.ts';

export class DatasetQueries {
  readonly #runtime: Runtime;
  readonly #path: string;
  #process: QueryProcess | undefined;

  constructor(runtime: Runtime, datasetPath: string) {
    this.#runtime = runtime;
    this.#path = datasetPath;
  }

  async ask(
    query: PageQuery,
    signal: AbortSignal,
    onPart: (part: AnswerPart) => Promise<void>,
  ): Promise<Outcome<unknown, Fault>> {
    const answer = await this.#ask(query, { signal, onPart });
    // A process that died is replaced with the next question.
    if (!answer.ok && answer.fault.code === 'not-available') this.end();
    return answer;
  }

  /** The process, for a question that the page does not ask by itself. */
  get process(): QueryProcess {
    this.#process ??= new QueryProcess(this.#runtime, this.#path);
    return this.#process;
  }

  end(): void {
    this.#process?.dispose();
    this.#process = undefined;
  }

  #ask(query: PageQuery, options: Parameters<QueryProcess['open']>[0]): Promise<Outcome<unknown, Fault>> {
    switch (query.kind) {
      case 'open':
        return this.process.open(options);
      case 'completions':
        return this.process.completions(options);
      case 'search':
        return this.process.search(query.request, options);
      case 'rowOrder':
        return this.process.rowOrder(query.request, options);
      case 'statistics':
        return this.process.statistics(query.request, options);
      case 'distributions':
        return this.process.distributions(query.request, options);
      case 'select':
        return this.process.select(query.request, options);
    }
  }
}
