import { describeDataset } from './describe-dataset.ts';
import { compareResponses, gradeResponse } from './grading.ts';
import type { AgentTool } from './tool.ts';
import { trainingStatus } from './training-status.ts';

/** All tools for agents; package.json names the same ones to VS Code. */
export const AGENT_TOOLS: readonly AgentTool[] = [gradeResponse, compareResponses, describeDataset, trainingStatus];
