import { describe, expect, it } from 'vitest';
import { resolveTrlSettings, TRL_SETTINGS, trlSettingsSchema } from '../../../src/core/engines/trl/settings.ts';
import { METHOD_IDS } from '../../../src/core/methods/method.ts';

describe('settings of the engine trl', () => {
  it.each(METHOD_IDS)('have a default that their own schema accepts, for %s', (method) => {
    const complete = resolveTrlSettings({}, method);
    expect(Object.keys(complete)).toEqual(
      TRL_SETTINGS.filter(({ methods }) => methods.includes(method)).map(({ name }) => name),
    );
    expect(trlSettingsSchema(method).parse(complete)).toEqual(complete);
  });

  it('differ by method in defaults, choices and in what there is', () => {
    expect(resolveTrlSettings({}, 'bradley-terry')).toMatchObject({ epochs: 2, batch_size: 32, truncation: 'filter' });
    expect(resolveTrlSettings({}, 'pointwise')).toMatchObject({ reward: 'exponential', num_generations: 4 });
    expect(() => resolveTrlSettings({ reward: 'linear' }, 'pairwise')).toThrow(/reward/);
    expect(() => resolveTrlSettings({ num_generations: 4 }, 'sft')).toThrow(/"num_generations" is not known/);
  });

  it('take the defaults of an adapter where one is trained, and never in place of what was asked for', () => {
    expect(resolveTrlSettings({}, 'bradley-terry').learning_rate).toBe(9e-6);
    expect(resolveTrlSettings({ lora_rank: 8 }, 'bradley-terry').learning_rate).toBe(1e-4);
    expect(resolveTrlSettings({ lora_rank: 8, learning_rate: 9e-6 }, 'bradley-terry').learning_rate).toBe(9e-6);
  });

  it.each([
    [{ epochs: 0 }, /epochs/],
    [{ batch_size: 1.5 }, /batch_size/],
    [{ precision: 'fp16' }, /precision/],
    [{ learning_rate: '1e-5' }, /learning_rate/],
    [{ epoch: 1 }, /"epoch" is not known: did you mean "epochs"\?/],
  ])('are refused beyond their range: %j', (settings, message) => {
    expect(() => resolveTrlSettings(settings, 'bradley-terry')).toThrow(message);
  });
});
