import { type CompletionFact, type FlagFact, globalFlags } from './facts.ts';

/** `hanbus completion zsh > ~/.zfunc/_hanbus`, or sourced after `compinit`. */
export function zshScript(facts: readonly CompletionFact[], codes: readonly string[]): string {
  const names = facts.map(({ name }) => name);
  const cases = facts.map(({ name, flags, takes, words }) => {
    const own = flags.length === 0 ? '' : `flags+=(${described(flags)}); `;
    return `    ${name}) ${own}${actionOf(takes, { words, names, codes })} ;;`;
  });
  return `#compdef hanbus
# zsh completion for hanbus. Use it: source <(hanbus completion zsh)
_hanbus_names() {
  local cache="\${XDG_CACHE_HOME:-$HOME/.cache}/hanbus/$1"
  if [[ -r $cache ]]; then
    compadd -- \${(f)"$(<$cache)"}
    (hanbus completion $1 >/dev/null 2>&1 &)
  else
    compadd -- \${(f)"$(hanbus completion $1 2>/dev/null)"}
  fi
}
_hanbus() {
  local verb="" word
  local -a verbs flags
  for word in "\${(@)words[2,CURRENT-1]}"; do
    [[ $word == -* ]] || { verb=$word; break }
  done
  verbs=(${facts.map(({ name, summary }) => quote(`${name}:${summary}`)).join(' ')})
  flags=(${described(globalFlags())})
  case "$verb" in
    "") _describe verb verbs ;;
${cases.join('\n')}
  esac
  [[ $PREFIX == -* ]] && _describe flag flags
  return 0
}
if [[ $funcstack[1] == _hanbus ]]; then _hanbus "$@"; else compdef _hanbus hanbus; fi
`;
}

function described(flags: readonly FlagFact[]): string {
  return flags.map(({ flag, about }) => quote(`${flag}:${about}`)).join(' ');
}

interface Lists {
  readonly words: readonly string[];
  readonly names: readonly string[];
  readonly codes: readonly string[];
}

function actionOf(takes: CompletionFact['takes'], { words, names, codes }: Lists): string {
  if (takes === 'point') return '_hanbus_names points';
  if (takes === 'rule') return `compadd -- ${words.join(' ')}; _hanbus_names rules`;
  if (takes === 'what') return '_hanbus_names rules; _hanbus_names points';
  if (takes === 'file') return '_files';
  if (takes === 'verb') return `compadd -- ${names.join(' ')} exit`;
  if (takes === 'code') return `compadd -- ${codes.join(' ')}`;
  return words.length === 0 ? ':' : `compadd -- ${words.join(' ')}`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
