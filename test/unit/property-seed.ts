import fc from 'fast-check';

/**
 * Property tests try the same examples in every run, so that a failure is one of the change and can be seen again.
 * FAST_CHECK_SEED tries others; `npm run soak` does.
 */
fc.configureGlobal({ seed: Number(process.env.FAST_CHECK_SEED ?? 1) });
