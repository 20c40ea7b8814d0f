/** Role headings of transcripts: `## Assistant (a)`, `**User:**`, `Human:`, `### Response A`. */

export type Speaker = 'system' | 'user' | 'assistant';

export interface RoleHeading {
  readonly speaker: Speaker;
  /** As written: "Assistant (a)". */
  readonly label: string;
  /** Whether the word alone makes a conversation; "Answer" does so only after a question. */
  readonly isClear: boolean;
  /** 1 to 6 of an ATX heading; undefined of a heading inside a line of text. */
  readonly level: number | undefined;
  /** Where the turn's text begins in the line, where it begins there. */
  readonly textAt: number;
}

const SPEAKERS: Readonly<Record<string, { speaker: Speaker; isRole: boolean }>> = {
  system: { speaker: 'system', isRole: true },
  user: { speaker: 'user', isRole: true },
  human: { speaker: 'user', isRole: true },
  prompt: { speaker: 'user', isRole: false },
  question: { speaker: 'user', isRole: false },
  instruction: { speaker: 'user', isRole: false },
  assistant: { speaker: 'assistant', isRole: true },
  ai: { speaker: 'assistant', isRole: true },
  bot: { speaker: 'assistant', isRole: true },
  response: { speaker: 'assistant', isRole: false },
  answer: { speaker: 'assistant', isRole: false },
  completion: { speaker: 'assistant', isRole: false },
  chosen: { speaker: 'assistant', isRole: false },
  rejected: { speaker: 'assistant', isRole: false },
};

const LABEL = /^([A-Za-z]+)(?:\s*[([][^()[\]]{1,40}[)\]]|[ _-]([A-Ha-h]|\d{1,2}))?$/;

/** The heading's level and text, or undefined; `#` marks at its end are no text. */
export function atxHeading(line: string): { level: number; text: string } | undefined {
  const match = /^ {0,3}(#{1,6})(?:[ \t]+(.*))?$/.exec(line);
  if (match?.[1] === undefined) return undefined;
  const text = (match[2] ?? '').trim().replace(/(^|[ \t])#+$/, '');
  return { level: match[1].length, text: text.trim() };
}

/** The role heading that a line is or begins with. Plain text knows no `#` and no `**`, but people write them there too. */
export function roleHeading(line: string): RoleHeading | undefined {
  const heading = atxHeading(line);
  if (heading !== undefined) return headingOf(bare(heading.text), heading.level, line.length);
  const bold = /^\s{0,3}(\*\*|__)([^*_:]{2,60}?)(:?)\1(:?)[ \t]*/.exec(line);
  if (bold?.[2] !== undefined) {
    const isHeading = bold[3] === ':' || bold[4] === ':' || bold[0].length === line.length;
    return isHeading ? headingOf(bold[2].trim(), undefined, bold[0].length) : undefined;
  }
  const plain = /^([A-Za-z][^:]{1,60}):(?:[ \t]+|$)/.exec(line);
  const found = plain?.[1] === undefined ? undefined : headingOf(plain[1].trim(), undefined, plain[0].length);
  return found?.isClear ? found : undefined;
}

const bare = (text: string): string =>
  text
    .replace(/^(\*\*|__)(.*)\1$/, '$2')
    .replace(/:$/, '')
    .trim();

function headingOf(label: string, level: number | undefined, textAt: number): RoleHeading | undefined {
  const match = LABEL.exec(label);
  const word = match?.[1]?.toLowerCase() ?? '';
  const known = Object.hasOwn(SPEAKERS, word) ? SPEAKERS[word] : undefined;
  if (known === undefined) return undefined;
  const isNumberedResponse = word === 'response' && label.length > word.length;
  return { speaker: known.speaker, label, isClear: known.isRole || isNumberedResponse, level, textAt };
}
