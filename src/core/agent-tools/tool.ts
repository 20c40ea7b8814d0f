/**
 * Tools for agents: a language model of the editor, or a client of the Model Context Protocol. They read and compute; none
 * writes a file, starts a training or asks another machine.
 */

import * as z from 'zod';
import { StudioError } from '../errors.ts';
import type { Grader } from '../graders/grader.ts';
import type { RunStore } from '../runs/store.ts';

/** What the tools are given by whoever offers them. */
export interface ToolHost {
  /** Absolute path of the folder that is worked in: files outside of it are not read. */
  readonly folder: string;
  readonly store: RunStore;
  /**
   * The grader of a run by id or name, of the newest finished run where none is named. It belongs to the host.
   * @throws StudioError where there is none, or it may not be used
   */
  grader(reference: string | undefined): Promise<Grader>;
}

export interface AgentTool {
  /** As agents call it. */
  readonly name: string;
  readonly title: string;
  /** For the model that chooses: what it answers, and what the numbers mean. */
  readonly description: string;
  readonly input: z.ZodType;
  /** @returns JSON @throws StudioError, of 'usage' for an input that is not as `input` says */
  run(input: unknown, host: ToolHost, signal?: AbortSignal): Promise<Record<string, unknown>>;
}

interface ToolOf<I> extends Omit<AgentTool, 'input' | 'run'> {
  readonly input: z.ZodType<I>;
  run(input: I, host: ToolHost, signal?: AbortSignal): Promise<Record<string, unknown>>;
}

/** A tool whose input is checked, whoever calls it. */
export function agentTool<I>({ input, run, ...about }: ToolOf<I>): AgentTool {
  return {
    ...about,
    input,
    async run(given, host, signal) {
      const { data, error } = input.safeParse(given);
      if (error) throw new StudioError('usage', `${about.name}: ${z.prettifyError(error)}`);
      return run(data as I, host, signal);
    },
  };
}
