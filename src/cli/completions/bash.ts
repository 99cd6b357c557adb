import { type CompletionFact, globalFlags } from './facts.ts';

/** Code is printed, not run: `source <(hanbus completion bash)`. */
export function bashScript(facts: readonly CompletionFact[], codes: readonly string[]): string {
  const all = globalFlags().map(({ flag }) => flag);
  const names = facts.map(({ name }) => name);
  const cases = facts.map((fact) => caseOf(fact, names, codes));
  return `# bash completion for hanbus. Use it: source <(hanbus completion bash)
_hanbus_names() {
  local cache="\${XDG_CACHE_HOME:-$HOME/.cache}/hanbus/$1"
  if [ -r "$cache" ]; then
    cat "$cache"
    (hanbus completion "$1" >/dev/null 2>&1 &)
  else
    hanbus completion "$1" 2>/dev/null
  fi
}
_hanbus() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" verb="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in
      -*) ;;
      *) verb="$word"; break ;;
    esac
  done
  local flags="${all.join(' ')}" words="" files=""
  case "$verb" in
    "") words="${names.join(' ')}"; flags="$flags --version" ;;
${cases.join('\n')}
  esac
  case "$cur" in
    -*) COMPREPLY=($(compgen -W "$flags" -- "$cur")) ;;
    *) COMPREPLY=($(compgen -W "$words" -- "$cur")) ;;
  esac
  if [ -n "$files" ] && [ "\${#COMPREPLY[@]}" -eq 0 ]; then COMPREPLY=($(compgen -f -- "$cur")); fi
}
complete -o default -F _hanbus hanbus
`;
}

function caseOf(
  { name, flags, takes, words }: CompletionFact,
  names: readonly string[],
  codes: readonly string[],
): string {
  const own = flags.length === 0 ? '' : ` flags="$flags ${flags.map(({ flag }) => flag).join(' ')}";`;
  return `    ${name})${own} ${wordsOf(takes, words, { names, codes })} ;;`;
}

interface Lists {
  readonly names: readonly string[];
  readonly codes: readonly string[];
}

function wordsOf(takes: CompletionFact['takes'], words: readonly string[], { names, codes }: Lists): string {
  if (takes === 'point') return 'words="$(_hanbus_names points)"';
  if (takes === 'rule') return `words="${words.join(' ')} $(_hanbus_names rules)"`;
  if (takes === 'what') return 'words="$(_hanbus_names rules) $(_hanbus_names points)"';
  if (takes === 'file') return 'files=1';
  if (takes === 'verb') return `words="${names.join(' ')} exit"`;
  if (takes === 'code') return `words="${codes.join(' ')}"`;
  return `words="${words.join(' ')}"`;
}
