import type { WordNames } from '../schemes/rule-test-words.ts';
import { type HomePoints, shortName, specOf } from '../schemes/rules/home-points.ts';
import type { HomeWords } from '../schemes/rules/scope.ts';
import type { RunnerParts } from './runner-parts.ts';

/** How points are called for the people of this node. */
export function wordNames(home: HomePoints): WordNames {
  return {
    shortName: (full) => shortName(home, full),
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
