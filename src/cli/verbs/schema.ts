import { HanbusError } from '../../kit/errors.ts';
import { nearest } from '../../schemes/near.ts';
import { askList } from '../ask.ts';
import type { Call, Verb } from '../verb.ts';

export const verb: Verb = {
  name: 'schema',
  summary: 'JSON Schema of scheme files, for your editor',
  group: 'scheme',
  options: [
    { flags: '--live', about: 'with the devices and points of the running node, for completion in the editor' },
    { flags: '--contract <name>', about: 'of an answer of --json instead', completes: 'contract' },
  ],
  examples: [
    {
      line: 'hanbus schema > hanbus.schema.json',
      about: 'then, in the first line of a scheme: # yaml-language-server: $schema=hanbus.schema.json',
    },
    { line: 'hanbus schema --contract status', about: 'what hanbus status --json promises' },
  ],
  async run(call) {
    const { contract } = call.options;
    const schema = typeof contract === 'string' ? await ofContract(contract) : await ofSchemes(call);
    call.screen.raw(`${JSON.stringify(schema, undefined, 2)}\n`);
    return 0;
  },
};

async function ofSchemes({ options, door }: Call): Promise<object> {
  const { schemeJsonSchema } = await import('../../schemes/json-schema.ts');
  const { allKinds } = await import('../scheme-world.ts');
  const devices = options.live === true ? (await askList(await door())).devices : [];
  const names = devices.map(({ name, points }) => [name, points.map((point) => point.name)] as const);
  return schemeJsonSchema(await allKinds(), { devices: Object.fromEntries(names) });
}

async function ofContract(name: string): Promise<object> {
  const { CONTRACTS } = await import('../../schemes/contracts.ts');
  const schema = Object.hasOwn(CONTRACTS, name) ? CONTRACTS[name] : undefined;
  if (schema !== undefined)
    return { $schema: 'https://json-schema.org/draft/2020-12/schema', title: `${name}/1`, ...schema };
  const names = Object.keys(CONTRACTS);
  const near = nearest(name, names);
  throw new HanbusError('HB150', `there is no contract "${name}"; there are ${names.join(', ')}`, {
    fix: `hanbus schema --contract ${near ?? 'status'}`,
  });
}
