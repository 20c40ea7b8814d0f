/** The form for the checks that only run on request: which of them, and what they are given. */

import type { CheckInputs, ChosenFile, FilePurpose } from '../../src/protocol/dataset-checks.ts';
import { button, element, icon } from './elements.ts';
import { wholeNumber } from './text.ts';

export interface MoreChecksEvents {
  readonly chooseFile: (purpose: FilePurpose) => Promise<ChosenFile | null>;
  readonly onRun: (inputs: CheckInputs) => void;
  readonly onClose: () => void;
}

/** The approximations that need no model, as the core names them; then the file that was chosen. */
const TOKENIZERS = [
  { value: 'words', title: 'words × 1.3 (approximate)' },
  { value: 'characters', title: 'characters / 4 (approximate)' },
] as const;
const CHOOSE = '\u0000choose';

export class MoreChecks {
  readonly element: HTMLElement;
  readonly #events: MoreChecksEvents;
  readonly #nearDuplicates = element('input', { type: 'checkbox', id: 'near-duplicates' });
  readonly #benchmark: FileField;
  readonly #against: FileField;
  readonly #maxLength = element('input', {
    id: 'max-length',
    type: 'text',
    inputmode: 'numeric',
    autocomplete: 'off',
    placeholder: 'not checked',
    'aria-describedby': 'more-checks-problem',
  });
  readonly #tokenizer = element('select', { id: 'tokenizer', 'aria-label': 'Tokens counted as' });
  readonly #problem = element('span', { class: 'problem', id: 'more-checks-problem', role: 'alert' });
  #chosenTokenizer: ChosenFile | undefined;

  constructor(events: MoreChecksEvents) {
    this.#events = events;
    this.#benchmark = new FileField('Benchmark', () => events.chooseFile('benchmark'));
    this.#against = new FileField('Other file of the split', () => events.chooseFile('against'));
    this.#showTokenizers('words');
    this.#tokenizer.addEventListener('change', () => void this.#onTokenizer());
    this.element = element(
      'form',
      { class: 'more-checks', id: 'more-checks', 'aria-label': 'More checks', hidden: true },
      element(
        'div',
        { class: 'more-line' },
        this.#nearDuplicates,
        element('label', { for: 'near-duplicates' }, 'Near-duplicate prompts and responses'),
      ),
      this.#benchmark.element,
      this.#against.element,
      element(
        'div',
        { class: 'more-line' },
        element('label', { class: 'name', for: 'max-length' }, 'Max length in tokens'),
        this.#maxLength,
        this.#tokenizer,
      ),
      element(
        'div',
        { class: 'more-line' },
        element('button', { type: 'submit', class: 'primary' }, 'Run Checks'),
        button('Close', events.onClose),
        this.#problem,
      ),
    );
    this.element.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#run();
    });
  }

  show(): void {
    this.element.hidden = false;
    this.#nearDuplicates.focus();
  }

  hide(): void {
    this.element.hidden = true;
  }

  #run(): void {
    const inputs = this.#inputs();
    const problem =
      inputs === undefined
        ? 'Give the max length as a whole number above 0.'
        : Object.keys(inputs).length === 0
          ? 'Choose at least one check.'
          : '';
    this.#problem.textContent = problem;
    this.#maxLength.toggleAttribute('aria-invalid', inputs === undefined);
    if (problem === '' && inputs) this.#events.onRun(inputs);
  }

  /** What was entered; undefined where the max length is none. */
  #inputs(): CheckInputs | undefined {
    const typed = this.#maxLength.value.trim();
    const maxLength = wholeNumber(typed);
    if (typed !== '' && (maxLength === undefined || maxLength === 0)) return undefined;
    const against = this.#against.file?.path;
    const benchmark = this.#benchmark.file?.path;
    return {
      ...(this.#nearDuplicates.checked && { nearDuplicates: true }),
      ...(benchmark !== undefined && { benchmark }),
      ...(against !== undefined && { against }),
      ...(maxLength !== undefined && { truncation: { maxLength, tokenizer: this.#tokenizer.value } }),
    };
  }

  async #onTokenizer(): Promise<void> {
    if (this.#tokenizer.value !== CHOOSE) return;
    const file = await this.#events.chooseFile('tokenizer');
    if (file) this.#chosenTokenizer = file;
    this.#showTokenizers(file?.path ?? 'words');
    this.#tokenizer.focus();
  }

  #showTokenizers(selected: string): void {
    const file = this.#chosenTokenizer;
    const choices = [
      ...TOKENIZERS,
      ...(file ? [{ value: file.path, title: file.name }] : []),
      { value: CHOOSE, title: 'A tokenizer.json…' },
    ];
    this.#tokenizer.replaceChildren(
      ...choices.map(({ value, title }) => element('option', { value, selected: value === selected }, title)),
    );
  }
}

/** A file that may be chosen, and taken back. */
class FileField {
  readonly element = element('div', { class: 'more-line' });
  readonly #name: string;
  readonly #choose: () => Promise<ChosenFile | null>;
  file: ChosenFile | undefined;

  constructor(name: string, choose: () => Promise<ChosenFile | null>) {
    this.#name = name;
    this.#choose = choose;
    this.#show();
  }

  #show(): void {
    const { file } = this;
    const label = file === undefined ? 'Choose File…' : 'Change…';
    const choose = button(label, () => void this.#ask(), { 'aria-label': `${label} ${this.#name}` });
    this.element.replaceChildren(element('span', { class: 'name' }, this.#name), choose);
    if (!file) return;
    const name = element('bdi', { class: 'file-name' }, file.name);
    name.title = file.path;
    const clear = button(`Do not use ${file.name}`, () => this.#take(undefined), { class: 'quiet' }, icon('close'));
    this.element.append(name, clear);
  }

  async #ask(): Promise<void> {
    const file = await this.#choose();
    if (file) this.#take(file);
  }

  #take(file: ChosenFile | undefined): void {
    this.file = file;
    this.#show();
    this.element.querySelector('button')?.focus();
  }
}
