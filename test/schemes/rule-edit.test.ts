import { describe, expect, it } from 'vitest';
import { addRule, type Edited, removeRule, ruleYaml } from '../../src/schemes/rule-edit.ts';

const RULE = { when: 'air.temperature > 28°C for 2min', then: { fan: 'on' }, else: { fan: 'off' } };
const YAML = `  cool:
    when: air.temperature > 28°C for 2min
    then: {fan: on}
    else: {fan: off}
`;

function textOf(edited: Edited): string {
  if ('why' in edited) throw new Error(edited.why);
  return edited.text;
}

describe('a rule is put into a file', () => {
  it.each([
    ['an empty one', '', `rules:\n${YAML}`],
    ['one of comments', '# only\n', `# only\nrules:\n${YAML}`],
    ['one without a line end', 'node: kitchen', `node: kitchen\n\nrules:\n${YAML}`],
    [
      'one with rules, comments and its own indent',
      '# my house\nrules:   # all\n    # first\n    a:\n        when: x > 1 # c\n        then: {y: on}   # tail\n    # end\n\ndevices: # z\n  fan: {kind: relay}\n',
      `# my house\nrules:   # all\n    # first\n    a:\n        when: x > 1 # c\n        then: {y: on}   # tail\n${YAML.replaceAll(/^ {2}/gm, '    ')}    # end\n\ndevices: # z\n  fan: {kind: relay}\n`,
    ],
    ['one whose rules are empty', 'node: x\nrules:\ndevices: {}\n', `node: x\nrules:\n${YAML}devices: {}\n`],
    [
      'one whose rules end in a block text',
      'rules:\n  a:\n    when: |\n      x > 1\n    then: {y: on}',
      `rules:\n  a:\n    when: |\n      x > 1\n    then: {y: on}\n${YAML}`,
    ],
  ])('%s', (_, before, after) => {
    expect(addRule(before, 'cool', RULE)).toEqual({ text: after, lines: 4 });
  });

  it('keeps rules of a flow map, and comments', () => {
    const text = textOf(addRule('rules: {a: {when: b, then: {c: on}}} # all\n', 'cool', RULE));
    expect(text).toContain('# all');
    expect(text).toContain('{a: {when: b, then: {c: on}}, cool:');
  });

  it('refuses a name that is taken, and a broken file', () => {
    expect(addRule(`rules:\n${YAML}`, 'cool', RULE)).toMatchObject({ why: 'there is a rule cool already' });
    expect(addRule('rules: {a', 'cool', RULE)).toEqual({ why: 'the file has errors' });
  });
});

describe('a rule is taken out of a file', () => {
  it.each([
    ['# my house\nrules:   # all\n  a:\n    when: x > 1\n    then: {y: on} # tail\n', 'cool'],
    ['node: kitchen # here\ndevices: {}\n', 'other'],
  ])('what was added goes without a trace: %j', (before, name) => {
    const added = textOf(addRule(before, name, RULE));
    expect(textOf(removeRule(added, name)).trimEnd()).toBe(before.trimEnd());
  });

  it('leaves the comments of others', () => {
    const before = `rules:\n  # about cool\n${YAML}  # about b\n  b: {when: start, then: {y: on}}\n`;
    expect(removeRule(before, 'cool')).toEqual({
      text: 'rules:\n  # about cool\n  # about b\n  b: {when: start, then: {y: on}}\n',
      lines: 4,
    });
  });

  it('from a flow map', () => {
    const text = textOf(removeRule('rules: {a: {when: b, then: {c: on}}, d: {when: e, then: {c: on}}} # all\n', 'a'));
    expect(text).toBe('rules: {d: {when: e, then: {c: on}}} # all\n');
  });

  it('says that there is none', () => {
    expect(removeRule('rules: {}\n', 'cool')).toEqual({ why: 'it has no rule cool' });
  });
});

it('quotes what YAML would read otherwise', () => {
  const rule = { when: 'button.pressed', then: [{ lamp: 'on' }, { wait: '5s' }, { mail: 'Hi: {a.b} # x' }] };
  expect(ruleYaml('x', rule)).toBe(
    'x:\n  when: button.pressed\n  then:\n    - {lamp: on}\n    - {wait: 5s}\n    - {mail: "Hi: {a.b} # x"}\n',
  );
});
