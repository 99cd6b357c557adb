import type { WordNames } from '../schemes/rule-test-words.ts';
import { type HomePoints, shortName, specOf } from '../schemes/rules/home-points.ts';
import type { HomeWords } from '../schemes/rules/scope.ts';
import type { RunnerParts } from './runner-parts.ts';

/** How points are called for the people of this node: outputs and states as short as one writes them. */
export function wordNames(home: HomePoints): WordNames {
  const nameOf = (full: string): string => {
    const isShort = specOf(home, full)?.settable === true || full.endsWith('.state');
    if (isShort || !full.startsWith(`${home.node}.`)) return shortName(home, full);
    return full.slice(home.node.length + 1);
  };
  return {
    shortName: nameOf,
    unitOf: (full) => specOf(home, full)?.unit,
  };
}

/** Every name beside points that a person may ask for. */
export function homeWords({ book, text }: Pick<RunnerParts, 'book' | 'text'>): HomeWords {
  return {
    groups: new Map(book.groups.map((group) => [group.name, group])),
    rules: Object.keys(text.rules),
    scenes: book.scenes.map(({ name }) => name),
    services: text.services,
    variables: new Map(book.variables.map((variable) => [variable.name, variable])),
  };
}
