/**
 * A trained transformer as one Python file that needs nothing of ours: graders of the OpenJudge library (PyPI:
 * py-openjudge), or a script with functions to import.
 */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { StudioError } from '../../errors.ts';
import verdicts from '../../methods/judges/verdicts.json' with { type: 'json' };
import { type GraderFile, readGraderFile } from '../local-model/grader-file.ts';
import type { ModelReference } from '../model-reference.ts';
import { assembleModule, pythonJson } from './assemble-module.ts';

export const EXPORT_FORMS = ['openjudge', 'script'] as const;
export type ExportForm = (typeof EXPORT_FORMS)[number];

export interface ExportedGrader {
  /** The text of the Python file. */
  readonly module: string;
  /** The names that a person imports from it. */
  readonly names: readonly string[];
}

interface Recipe {
  /** Modules under `reward_studio`, each before those that use it. */
  readonly parts: readonly string[];
  readonly names: readonly string[];
  readonly about: string;
}

const RULES = ['white_space', 'judges/verdict_rules', 'exported/texts', 'exported/rendering'];
const REWARDS = ['exported/texts', 'exported/http_requests', 'exported/rewards'];

const SERVED = 'python -m reward_studio serve MODEL, or vLLM';

function recipeOf({ kind, method }: GraderFile, form: ExportForm): Recipe {
  if (form === 'script') {
    const usage = (row: string) =>
      `

    python THIS_FILE < rows.jsonl                            # transformers loads the model
    python THIS_FILE --url http://HOST:8000 < rows.jsonl     # ${SERVED}

A row is ${row}. The key of a server is read from GRADER_API_KEY.
`;
    if (kind === 'reward') {
      return {
        parts: [...REWARDS, 'exported/script_reward'],
        names: ['Rewards', 'percentile_of'],
        about: `Rewards of a Bradley-Terry model: logits, which compare responses to one prompt.${usage('{"query": TEXT, "response": TEXT}')}`,
      };
    }
    const row =
      method === 'pairwise'
        ? '{"query": TEXT, "response_a": TEXT, "response_b": TEXT}'
        : '{"query": TEXT, "response": TEXT}';
    return {
      parts: [...RULES, 'exported/http_requests', 'exported/completions', 'exported/script_judge'],
      names: ['Completions', 'VerdictRules', 'render'],
      about: `Verdicts of a trained judge, ${method}. No verdict is no score.${usage(row)}`,
    };
  }
  if (kind === 'reward') {
    return {
      parts: [...REWARDS, 'exported/openjudge_reward'],
      names: ['RewardGrader', 'RewardRanker'],
      about: `A Bradley-Terry reward model as graders of OpenJudge (PyPI: py-openjudge).

    grader = RewardGrader()                                           # transformers loads the model here
    grader = RewardGrader(base_url="http://HOST:8000", api_key=KEY)   # ${SERVED}
    runner = GradingRunner({"reward": grader})
    await runner.arun([{"query": TEXT, "response": TEXT}])
`,
    };
  }
  const name = method === 'pairwise' ? 'PairwiseGrader' : 'PointwiseGrader';
  const row = method === 'pairwise' ? '"response_a": TEXT, "response_b": TEXT' : '"response": TEXT';
  return {
    parts: [...RULES, 'exported/openjudge_judge', `exported/openjudge_${method}`],
    names: [name],
    about: `A trained judge as a grader of OpenJudge (PyPI: py-openjudge).

    # ${SERVED}
    model = OpenAIChatModel(model=NAME, base_url="http://HOST:8000/v1", api_key=KEY)
    runner = GradingRunner({"judge": ${name}(model)})
    await runner.arun([{"query": TEXT, ${row}}])
`,
  };
}

/**
 * @param packageFolder holds the Python package `reward_studio`
 * @throws StudioError 'not-available' for a model that Python cannot load, 'invalid-model' for none
 */
export async function exportGrader(
  model: ModelReference,
  form: ExportForm,
  packageFolder: string,
): Promise<ExportedGrader> {
  if (path.extname(model.file) === '.rsm') {
    throw new StudioError('not-available', 'An embedded model grades in Reward Studio alone: Python cannot load it.', {
      where: { file: model.file },
      hint: 'Train with the engine trl for a model that transformers loads, or grade files with "reward-studio grade".',
    });
  }
  const file = await readGraderFile(model.file);
  const { parts, names, about } = recipeOf(file, form);
  const texts = await Promise.all(
    parts.map((part) => readFile(path.join(packageFolder, 'reward_studio', `${part}.py`), 'utf8')),
  );
  // Imports stand above it, whatever uses it below.
  return { module: assembleModule(about, [constant(model, file), ...texts]), names };
}

function constant(model: ModelReference, { kind, method, scale, judge, scores }: GraderFile): string {
  const { reasoning_tags, marks, methods } = verdicts;
  const grader = {
    name: model.name,
    run: model.runFolder === undefined ? null : path.basename(model.runFolder),
    model: path.resolve(model.file),
    trained_at: model.trainedAt,
    kind,
    method,
    scale,
    ...(kind === 'reward' ? { scores } : { judge, verdicts: { reasoning_tags, marks, ...methods[method as Judged] } }),
  };
  const about = '# What the grader is, as its training wrote it.\n';
  return `import json\nfrom typing import Any\n\n${about}GRADER: dict[str, Any] = ${pythonJson(grader)}\n`;
}

type Judged = keyof typeof verdicts.methods;
