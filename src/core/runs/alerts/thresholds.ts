/** When the rules speak: every number in one place, with its reason. Docs: docs/run-format.md, "Alerts". */

/** Logged values that a rule averages over: the noise of a batch of 8 pairs goes down to 0.025 in accuracy. */
export const AVERAGED = 50;

/** Share of the steps before a model may be judged: learning rates warm up over 3 to 10 % of the steps. */
export const WARM_UP_SHARE = 0.1;

/**
 * Distance of the mean loss from ln 2, the loss of a Bradley-Terry model that tells nothing apart, in nats. Pairs that
 * are identical after truncation give ln 2 exactly (OpenRLHF issue 1311); the loss of 52 % accuracy is 0.001 below it.
 */
export const LN_2_DISTANCE = 0.005;

/** Distance of the mean accuracy from 0.5. Trained on real pairs, models reach 0.6 and more within the warm-up. */
export const CHANCE_DISTANCE = 0.02;

/** Range of the rewards over the averaged values: below it no group has an advantage to learn from. */
export const FLAT_RANGE = 1e-4;

/** Share of groups whose answers all got the same reward, and so have no gradient (the case that DAPO's dynamic sampling is for). */
export const DEAD_GROUPS_SHARE = 0.95;
export const DEAD_GROUPS_AVERAGED = 20;

/** The newest KL against what it was: a policy that drifts by a factor, not by noise; below the least it is still near its start. */
export const KL_FACTOR = 10;
export const KL_LEAST = 0.1;
export const KL_NEWEST = 10;

/** Share of answers in which no verdict was found: each counts as a wrong one, so that the reward tells of the format. */
export const PARSE_FAILURE_SHARE = 0.2;
export const PARSE_FAILURES_AVERAGED = 20;

/** Without a new event for this many step times; but an evaluation or a checkpoint may well take the least. */
export const STALL_FACTOR = 5;
export const STALL_LEAST_MS = 60_000;
export const STALL_STEPS = 5;

/** Free bytes where the run is kept: less than one checkpoint of a model of 0.5 billion parameters in bf16. */
export const DISK_FREE_BYTES = 1024 ** 3;

/** A process that is gone has this long for its last words to be read and its end to be written down. */
export const GONE_MS = 1000;
