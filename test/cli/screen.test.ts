import { describe, expect, it } from 'vitest';
import { disarmed, makeScreen } from '../../src/cli/screen.ts';

function sink(isTTY: boolean) {
  const said: string[] = [];
  return {
    said,
    sink: { isTTY, columns: 80, closed: new AbortController().signal, write: (text: string) => void said.push(text) },
  };
}

const HOSTILE = 'a\u001b]0;title\u0007b\u001b[2Jc\u009b1mé\td';

describe('the screen', () => {
  it('lets nothing that others sent steer a terminal, and keeps it whole in a pipe', () => {
    const [terminal, pipe, errors] = [sink(true), sink(false), sink(true)];
    const env = { LANG: 'C.UTF-8', NO_COLOR: '1' };
    const flags = { colour: true, quiet: false };
    makeScreen({ env, stdout: terminal.sink, stderr: errors.sink }, flags).out(HOSTILE);
    makeScreen({ env, stdout: pipe.sink, stderr: errors.sink }, flags).out(HOSTILE);
    expect(terminal.said).toEqual(['a\\x1b]0;title\\x07b\\x1b[2Jc\\x9b1mé\td\n']);
    expect(pipe.said).toEqual([`${HOSTILE}\n`]);
  });

  it('keeps its own colours', () => {
    const { said, sink: stdout } = sink(true);
    const screen = makeScreen({ env: { LANG: 'C.UTF-8' }, stdout, stderr: stdout }, { colour: true, quiet: false });
    screen.out(screen.tint('red', 'no'));
    expect(said).toEqual(['\u001b[31mno\u001b[39m\n']);
    expect(disarmed('plain\nlines')).toBe('plain\nlines');
  });
});
