/**
 * What is known of metrics by their names: the project's own, those of TRL and of verl. A chart shows one quantity; the
 * names under which trainers write it become its series. Names that nobody knows get a chart each, at the end.
 */

export type SeriesRole = 'value' | 'chosen' | 'rejected' | 'least' | 'greatest' | 'spread';

export interface Quantity {
  readonly id: string;
  readonly group: GroupId;
  readonly title: string;
  /** What it is measured in, or what it says: stands beside the title. */
  readonly unit: string;
  readonly better?: 'lower' | 'higher';
  /** Values lie in it whatever happens. */
  readonly domain?: readonly [number, number];
  /** Follows a plan: smoothing would only show it late. */
  readonly planned?: true;
}

export const GROUPS = [
  { id: 'learning', title: 'Learning' },
  { id: 'rollouts', title: 'Rollouts' },
  { id: 'optimiser', title: 'Optimiser and hardware' },
  { id: 'other', title: 'Other' },
] as const;
export type GroupId = (typeof GROUPS)[number]['id'];

/** In the order in which they are shown. */
const QUANTITIES = [
  { id: 'loss', group: 'learning', title: 'Loss', unit: '', better: 'lower' },
  { id: 'accuracy', group: 'learning', title: 'Accuracy', unit: 'share', better: 'higher', domain: [0, 1] },
  { id: 'margin', group: 'learning', title: 'Reward margin', unit: 'chosen minus rejected, logits', better: 'higher' },
  { id: 'rewards', group: 'learning', title: 'Chosen and rejected reward', unit: 'logits, per-run scale' },
  { id: 'reward', group: 'rollouts', title: 'Reward', unit: 'mean', better: 'higher' },
  { id: 'reward_std', group: 'rollouts', title: 'Spread of rewards', unit: 'standard deviation in a group' },
  { id: 'advantages', group: 'rollouts', title: 'Advantages', unit: '' },
  { id: 'kl', group: 'rollouts', title: 'KL divergence', unit: 'from the reference, nats', better: 'lower' },
  { id: 'entropy', group: 'rollouts', title: 'Entropy', unit: 'nats per token' },
  { id: 'response_length', group: 'rollouts', title: 'Response length', unit: 'tokens' },
  { id: 'prompt_length', group: 'rollouts', title: 'Prompt length', unit: 'tokens' },
  { id: 'cut', group: 'rollouts', title: 'Responses cut', unit: 'share', better: 'lower', domain: [0, 1] },
  {
    id: 'parse_failures',
    group: 'rollouts',
    title: 'No verdict parsed',
    unit: 'share',
    better: 'lower',
    domain: [0, 1],
  },
  { id: 'dead_groups', group: 'rollouts', title: 'Dead groups', unit: 'share', better: 'lower', domain: [0, 1] },
  { id: 'policy_loss', group: 'rollouts', title: 'Policy loss', unit: '' },
  { id: 'clip_fraction', group: 'rollouts', title: 'Clipped updates', unit: 'share', domain: [0, 1] },
  { id: 'grad_norm', group: 'optimiser', title: 'Gradient norm', unit: '' },
  { id: 'learning_rate', group: 'optimiser', title: 'Learning rate', unit: '', planned: true },
  { id: 'tokens', group: 'optimiser', title: 'Tokens seen', unit: '', planned: true },
  { id: 'throughput', group: 'optimiser', title: 'Throughput', unit: 'tokens/s', better: 'higher' },
  { id: 'rows_per_second', group: 'optimiser', title: 'Rows', unit: 'rows/s', better: 'higher' },
  { id: 'step_time', group: 'optimiser', title: 'Time per step', unit: 's', better: 'lower' },
  { id: 'mfu', group: 'optimiser', title: 'FLOPs used', unit: 'share of the peak', better: 'higher', domain: [0, 1] },
  { id: 'gpu_utilization', group: 'optimiser', title: 'GPU use', unit: '%', domain: [0, 100] },
  { id: 'gpu_memory', group: 'optimiser', title: 'GPU memory', unit: 'GB' },
  { id: 'memory', group: 'optimiser', title: 'Memory', unit: 'GB' },
] as const satisfies readonly Quantity[];
type QuantityId = (typeof QUANTITIES)[number]['id'];

const BY_ID = new Map<string, Quantity & { readonly order: number }>(
  QUANTITIES.map((quantity, order) => [quantity.id, { ...quantity, order }]),
);

/** What names without `train/`, `validation/` and the like stand for. The first that matches counts. */
const NAMES: readonly (readonly [pattern: RegExp, quantity: QuantityId, role?: SeriesRole])[] = [
  [/^(bt_)?loss$/, 'loss'],
  [/^(acc|accuracy|rewards\/accuracies|mean_token_accuracy)$/, 'accuracy'],
  [/^(margin|rewards\/margins|reward_margin)$/, 'margin'],
  [/^(reward_chosen|chosen_reward|rewards\/chosen)$/, 'rewards', 'chosen'],
  [/^(reward_rejected|rejected_reward|rewards\/rejected)$/, 'rewards', 'rejected'],
  [/^(reward|reward\/mean|reward_mean|mean_reward|critic\/rewards\/mean)$/, 'reward'],
  [/^(reward\/min|min_reward|critic\/rewards\/min)$/, 'reward', 'least'],
  [/^(reward\/max|max_reward|critic\/rewards\/max)$/, 'reward', 'greatest'],
  [/^(reward_std|reward\/std)$/, 'reward_std'],
  [/^critic\/advantages\/mean$/, 'advantages'],
  [/^critic\/advantages\/min$/, 'advantages', 'least'],
  [/^critic\/advantages\/max$/, 'advantages', 'greatest'],
  [/^(kl|kl_divergence|actor\/kl_loss|actor\/reward_kl_penalty|objective\/kl)$/, 'kl'],
  [/^(entropy|actor\/entropy(_loss)?)$/, 'entropy'],
  [/^(response_length(\/mean)?|completions\/mean_length|completion_length)$/, 'response_length'],
  [/^(response_length\/min|completions\/min_length)$/, 'response_length', 'least'],
  [/^(response_length\/max|completions\/max_length)$/, 'response_length', 'greatest'],
  [/^prompt_length(\/mean)?$/, 'prompt_length'],
  [/^prompt_length\/min$/, 'prompt_length', 'least'],
  [/^prompt_length\/max$/, 'prompt_length', 'greatest'],
  [/^(response_length\/clip_ratio|completions\/clipped_ratio)$/, 'cut'],
  [/^(parse_failures|parse_failure_rate|no_verdict)$/, 'parse_failures'],
  [/^(dead_groups|frac_reward_zero_std)$/, 'dead_groups'],
  [/^(policy_loss|actor\/pg_loss)$/, 'policy_loss'],
  [/^(actor\/pg_clipfrac|clip_ratio|clip_ratio\/region_mean)$/, 'clip_fraction'],
  [/^(actor\/|critic\/)?grad_norm$/, 'grad_norm'],
  [/^((actor\/|critic\/)?lr|learning_rate|lr\(1e-3\))$/, 'learning_rate'],
  [/^(num_tokens|num_input_tokens_seen|global_tokens|perf\/total_num_tokens)$/, 'tokens'],
  [/^(tokens_per_second|perf\/throughput)$/, 'throughput'],
  [/^(rows_per_second|samples_per_second|pairs_per_second)$/, 'rows_per_second'],
  [/^(step_time|time\(s\)|perf\/time_per_step|timing_s\/step|seconds_per_step)$/, 'step_time'],
  [/^(mfu|perf\/mfu\/actor)$/, 'mfu'],
  [/^(system\/)?gpu_(utilization|utilisation)$/, 'gpu_utilization'],
  [/^((system\/)?gpu_memory_gb|perf\/max_memory_allocated_gb)$/, 'gpu_memory'],
  [/^((system\/)?memory_gb|(system\/)?rss_gb|perf\/cpu_memory_used_gb)$/, 'memory'],
];

/** `val-core/gsm8k/acc/mean@4` of verl: the source of the rows, what was measured, over how many answers. */
const VERL_VALIDATION = /^val-(?:core|aux)\/(.+)\/(acc|accuracy|reward|score)\/mean@\d+$/;

export interface KnownMetric {
  readonly name: string;
  readonly quantity: Quantity;
  readonly order: number;
  readonly set: 'train' | 'validation';
  readonly role: SeriesRole;
  /** Which of several of the same kind it is: the source of its rows. Empty where there is one. */
  readonly part: string;
}

export function knownMetric(name: string): KnownMetric {
  const verl = VERL_VALIDATION.exec(name);
  if (verl) {
    const [, part = '', measure] = verl;
    return known(
      name,
      measure === 'acc' || measure === 'accuracy' ? 'accuracy' : 'reward',
      'validation',
      'value',
      part,
    );
  }
  const [, prefix] = /^(train\/|validation\/|val\/|eval\/|eval_)/.exec(name) ?? [];
  const bare = name.slice(prefix?.length ?? 0);
  const found = NAMES.find(([pattern]) => pattern.test(bare));
  const set = prefix === undefined || prefix === 'train/' ? 'train' : 'validation';
  if (found) return known(name, found[1], set, found[2] ?? 'value', '');
  const quantity: Quantity = { id: `other:${bare}`, group: 'other', title: bare, unit: '' };
  return { name, quantity, order: QUANTITIES.length, set, role: 'value', part: '' };
}

function known(name: string, id: QuantityId, set: KnownMetric['set'], role: SeriesRole, part: string): KnownMetric {
  const quantity = BY_ID.get(id)!;
  return { name, quantity, order: quantity.order, set, role, part };
}

export interface ChartLayout {
  readonly quantity: Quantity;
  readonly metrics: readonly KnownMetric[];
}

export interface GroupLayout {
  readonly id: GroupId;
  readonly title: string;
  readonly charts: readonly ChartLayout[];
}

/** The charts for these metrics: outcome first, hardware last, the unknown after that by name. */
export function layoutOf(names: Iterable<string>): GroupLayout[] {
  const charts = new Map<string, KnownMetric[]>();
  for (const metric of [...new Set(names)].map(knownMetric).sort(byOrder)) {
    const chart = charts.get(metric.quantity.id);
    if (chart) chart.push(metric);
    else charts.set(metric.quantity.id, [metric]);
  }
  const layouts = [...charts.values()].map((metrics) => ({ quantity: metrics[0]!.quantity, metrics }));
  return GROUPS.map(({ id, title }) => ({
    id,
    title,
    charts: layouts.filter(({ quantity }) => quantity.group === id),
  })).filter(({ charts: shown }) => shown.length > 0);
}

function byOrder(a: KnownMetric, b: KnownMetric): number {
  if (a.order !== b.order) return a.order - b.order;
  if (a.quantity.id !== b.quantity.id) return a.quantity.id < b.quantity.id ? -1 : 1;
  return a.name < b.name ? -1 : 1;
}

/** A level that any model has to beat, drawn as a line with its name. */
export interface BaselineLine {
  readonly label: string;
  readonly value: number;
}

/** The parts of an evaluation that baselines are taken from. */
interface EvaluatedBaselines {
  readonly baselines: readonly {
    readonly baseline: string;
    readonly measure: { readonly name: string; readonly value: number };
  }[];
}

const TITLES: Readonly<Record<string, string>> = {
  'pick-longer': 'pick-longer',
  'majority-class': 'majority class',
  'best-constant': 'best constant',
  chance: 'chance',
};

/** Which measure of an evaluation a chart shows. */
const MEASURES: Readonly<Record<string, ReadonlySet<string>>> = {
  loss: new Set(['log-loss']),
  accuracy: new Set(['pair-accuracy', 'exact-accuracy']),
};

/** ln 2 and one half where pairs are ranked, and what the run's evaluation has of trivial answers. */
export function baselinesOf(
  quantity: string,
  method: string,
  evaluation: EvaluatedBaselines | undefined,
): BaselineLine[] {
  const lines: BaselineLine[] = [];
  if (method === 'bradley-terry' && quantity === 'loss')
    lines.push({ label: 'ln 2, no preference learned', value: Math.LN2 });
  if (method === 'bradley-terry' && quantity === 'accuracy') lines.push({ label: 'chance', value: 0.5 });
  const measures = MEASURES[quantity];
  for (const { baseline, measure } of evaluation?.baselines ?? []) {
    if (!measures?.has(measure.name) || lines.some(({ value }) => Math.abs(value - measure.value) < 1e-9)) continue;
    lines.push({ label: TITLES[baseline] ?? baseline, value: measure.value });
  }
  return lines;
}
