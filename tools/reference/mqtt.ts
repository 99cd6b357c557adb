import type { Statement, Table } from '../../test/conformance/table.ts';
import { TABLE_3 } from '../../test/conformance/table-3.ts';
import { TABLE_5 } from '../../test/conformance/table-5.ts';
import type { GeneratedFile } from '../generated.ts';
import { code, head, table } from './markdown.ts';

const ABOUT = `What the specifications of MQTT demand with MUST, statement by statement, and what shows that the broker of hanbus
does it. The statements are told in our words; their numbers are those of the specifications (OASIS, appendix B). Each
test named here runs twice, over memory and over a TCP socket: \`npx vitest run test/conformance\`.
A statement that binds only clients needs no test of a broker.`;

const WHO: Readonly<Record<Statement['who'], string>> = { server: 'server', client: 'client', both: 'both' };

/** What shows that a statement is kept, for people. */
function proofOf({ id, who }: Statement, { proofs, references, exceptions }: Table): string {
  const shown = [
    ...proofs
      .filter(({ proves }) => proves.includes(id))
      .map(({ name, fails }) => `${name}${fails ? ' **(not yet)**' : ''}`),
    ...references.filter(({ proves }) => proves.includes(id)).map(({ name, file }) => `${name} (${code(file)})`),
    ...exceptions.filter((exception) => exception.id === id).map(({ why }) => `*exception:* ${why}`),
  ];
  if (shown.length > 0) return shown.join('<br>');
  return who === 'client' ? '*binds clients*' : '**none**';
}

function section(of: Table): string {
  const bound = of.statements.filter(({ who }) => who !== 'client');
  const excepted = new Set(of.exceptions.map(({ id }) => id));
  const open = new Set(of.proofs.filter(({ fails }) => fails === true).flatMap(({ proves }) => proves));
  const tested = bound.filter(({ id }) => !excepted.has(id) && !open.has(id)).length;
  const counts = table(
    ['statements', 'bind servers', 'shown by tests', 'not yet', 'exceptions', 'tests'],
    [
      [
        of.statements.length,
        bound.length,
        tested,
        open.size,
        excepted.size,
        of.proofs.length + of.references.length,
      ].map(String),
    ],
  );
  const rows = of.statements.map((each) => [each.id, WHO[each.who], each.says, proofOf(each, of)]);
  return [`## ${of.title}\n`, counts, table(['statement', 'binds', 'what it says', 'shown by'], rows)].join('\n');
}

export function mqttPage(tables: readonly Table[] = [TABLE_5, TABLE_3]): GeneratedFile {
  return { path: 'docs/reference/mqtt.md', text: [head('MQTT conformance', ABOUT), ...tables.map(section)].join('\n') };
}
