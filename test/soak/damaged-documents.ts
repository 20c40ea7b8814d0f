/** The structural finder on documents of all kinds, whole and damaged: no exception, never a wrong span. */

import { findInDocuments } from '../unit/graders/damaged-documents.ts';

export const DOCUMENTS = 10_000;

/** @throws with the document that failed, made as small as it can be */
export const findInDamagedDocuments = (seed: number): void => findInDocuments(DOCUMENTS, seed);
