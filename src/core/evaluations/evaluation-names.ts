/** What the files of evaluations are called. */

export const EVALUATIONS_FOLDER = 'evaluations';
/** Of the file that keeps a report. */
export const EVALUATION_ENDING = '.rmeval.json';
