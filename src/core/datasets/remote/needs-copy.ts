import { StudioError } from '../../errors.ts';

/** What reads every row is not done over the network, byte by byte. */
export function needsCopy(): StudioError {
  return new StudioError('unsupported-file', 'This needs every row, and the rows are on another machine.', {
    hint: 'Download the dataset: it works on the copy.',
  });
}
