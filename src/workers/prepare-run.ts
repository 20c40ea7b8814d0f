/**
 * Looks at a dataset for the training command, away from the extension host: one JSON request on standard input, one
 * JSON answer on standard output.
 */

import { text } from 'node:stream/consumers';
import { answerPreparation, type PreparationAnswer, type PreparationRequest } from '../core/runs/preparation.ts';

const request = JSON.parse(await text(process.stdin)) as PreparationRequest;
const answer: PreparationAnswer<unknown> = await answerPreparation(request);
process.stdout.write(JSON.stringify(answer));
