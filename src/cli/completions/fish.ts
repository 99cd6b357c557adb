import { type CompletionFact, type FlagFact, globalFlags } from './facts.ts';

/** `hanbus completion fish > ~/.config/fish/completions/hanbus.fish` */
export function fishScript(facts: readonly CompletionFact[], codes: readonly string[]): string {
  const names = facts.map(({ name }) => name);
  const verbs = facts.map(
    ({ name, summary }) => `complete -c hanbus -n __fish_use_subcommand -a ${name} -d ${quote(summary)}`,
  );
  const own = facts.flatMap(({ name, flags, takes, words }) => {
    const when = `-n '__fish_seen_subcommand_from ${name}'`;
    const action = actionOf(takes, { words, names, codes });
    return [
      ...(action === '' ? [] : [`complete -c hanbus ${when} ${action}`]),
      ...flags.map((flag) => `complete -c hanbus ${when} ${flagText(flag)}`),
    ];
  });
  return `# fish completion for hanbus. Use it: hanbus completion fish | source
function __hanbus_names
  set -l cache (set -q XDG_CACHE_HOME; and echo $XDG_CACHE_HOME; or echo ~/.cache)/hanbus/$argv[1]
  if test -r $cache
    cat $cache
    hanbus completion $argv[1] >/dev/null 2>&1 &
  else
    hanbus completion $argv[1] 2>/dev/null
  end
end
complete -c hanbus -f
${[...verbs, ...globalFlags().map((flag) => `complete -c hanbus ${flagText(flag)}`), ...own].join('\n')}
`;
}

function flagText({ flag, about, hasValue }: FlagFact): string {
  return `-l ${flag.slice(2)}${hasValue ? ' -r' : ''} -d ${quote(about)}`;
}

interface Lists {
  readonly words: readonly string[];
  readonly names: readonly string[];
  readonly codes: readonly string[];
}

function actionOf(takes: CompletionFact['takes'], { words, names, codes }: Lists): string {
  if (takes === 'point') return "-a '(__hanbus_names points)'";
  if (takes === 'rule') return `-a ${quote(`${words.join(' ')} (__hanbus_names rules)`)}`;
  if (takes === 'what') return "-a '(__hanbus_names rules) (__hanbus_names points)'";
  if (takes === 'file') return '-F';
  if (takes === 'verb') return `-a ${quote([...names, 'exit'].join(' '))}`;
  if (takes === 'code') return `-a ${quote(codes.join(' '))}`;
  return words.length === 0 ? '' : `-a ${quote(words.join(' '))}`;
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
