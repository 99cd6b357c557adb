export interface ExitCode {
  readonly code: number;
  readonly meaning: string;
}

/** All that a hanbus command can end with. */
export const EXIT_CODES: readonly ExitCode[] = [
  { code: 0, meaning: 'done; all well' },
  { code: 1, meaning: 'the answer is no: a check failed, something needs you' },
  { code: 2, meaning: 'used wrongly: unknown verb or flag' },
  { code: 66, meaning: 'no such node, device, point, file or code' },
  { code: 69, meaning: 'no node is running, or it cannot be reached' },
  { code: 75, meaning: 'no answer in time; try again' },
  { code: 77, meaning: 'no permission, or the hardware is switched off' },
  { code: 78, meaning: 'the scheme is invalid' },
  { code: 130, meaning: 'interrupted' },
];
