/** A port: the language models that the editor offers. They cost and send texts to others, so each use is allowed first. */

export interface EditorModelChoice {
  /** Id or family. */
  readonly model: string;
  readonly vendor?: string | undefined;
}

export interface EditorModel {
  /** One message of the role user, and the whole of what it writes. */
  ask(content: string, signal?: AbortSignal): Promise<string>;
}

export interface EditorModels {
  /**
   * Asks the person whether the model may be used once.
   * @param grader name of the grader that wants it
   * @throws StudioError 'not-available' where there is no such model, 'cancelled' where the person does not want it
   */
  open(choice: EditorModelChoice, grader: string, signal?: AbortSignal): Promise<EditorModel>;
}
