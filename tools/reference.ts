// `npm run docs`: writes docs/reference from the code. `--check` only compares.
import { allKinds } from '../src/node/kinds.ts';
import { type GeneratedFile, generate } from './generated.ts';
import { driversPage } from './reference/drivers.ts';
import { errorsPage } from './reference/errors.ts';
import { filtersPage } from './reference/filters.ts';
import { jsonPages } from './reference/json.ts';
import { mqttPage } from './reference/mqtt.ts';
import { schemesPages } from './reference/schemes.ts';
import { topicsPage } from './reference/topics.ts';
import { verbsPage } from './reference/verbs.ts';

/** Every page and schema file of the reference. */
export async function referenceFiles(): Promise<GeneratedFile[]> {
  return [
    await driversPage(),
    errorsPage(),
    filtersPage(),
    ...jsonPages(),
    mqttPage(),
    ...schemesPages(await allKinds()),
    topicsPage(),
    await verbsPage(),
  ];
}

if (import.meta.main) generate(await referenceFiles(), ['docs/reference'], 'npm run docs');
