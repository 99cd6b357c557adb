import { expect, it } from 'vitest';
import { Bus } from '../../src/bus/bus.ts';
import { HomeMap } from '../../src/rule-runner/home-map.ts';
import { makeFakeClock } from '../fakes/clock.ts';

function map(remembered = new Map()) {
  const bus = new Bus((error) => {
    throw error;
  });
  const clock = makeFakeClock();
  const presence: string[] = [];
  let changes = 0;
  const made = new HomeMap(
    {
      ...{ bus, node: 'kitchen', clock },
      onPoints: () => {
        changes += 1;
      },
      onPresence: ({ kind, name }, isHere) => void presence.push(`${kind} ${name} ${isHere ? 'here' : 'away'}`),
    },
    remembered,
  );
  const retain = (topic: string, payload: string) => void bus.publish({ topic, payload, retain: true, origin: 'test' });
  return { bus, clock, map: made, presence, retain, changes: () => changes };
}

const AIR = JSON.stringify({ points: { temperature: { type: 'number', unit: '°C' }, 'no name': { type: 'number' } } });

it('learns points of own and other nodes from what is retained, in one change', async () => {
  const { map: it1, retain, clock, changes } = map();
  retain('hanbus/kitchen/air/$meta', AIR);
  it1.listen();
  retain('hanbus/garden/pump/$meta', '{"points":{"state":{"type":"boolean","settable":true,"once":true}}}');
  retain('hanbus/garden/odd/$meta', 'no json');
  retain('hanbus/garden/$state', 'ready');
  await clock.advance(1_000);
  expect(changes()).toBe(1);
  expect(it1.home()).toMatchObject({ node: 'kitchen', peers: ['garden'], unknown: 'wait' });
  expect(it1.spec('kitchen.air.temperature')).toEqual({ type: 'number', unit: '°C' });
  expect(it1.spec('garden.pump.state')).toMatchObject({ settable: true, once: true });
  expect(it1.spec('kitchen.air.toString')).toBeUndefined();
  retain('hanbus/kitchen/air/$meta', AIR);
  await clock.advance(1_000);
  expect(changes()).toBe(1);
});

it('a device without a page is there, its points are not known', () => {
  const { map: it1, retain } = map();
  it1.listen();
  retain('hanbus/kitchen/fridge/$state', 'init');
  expect([...it1.home().devices]).toEqual([['kitchen.fridge', undefined]]);
});

it('a device keeps its points when it goes, and those of the life before', () => {
  const remembered = new Map([['kitchen.old', { state: { type: 'boolean' } }]]);
  const { map: it1, retain } = map(remembered);
  it1.listen();
  retain('hanbus/kitchen/air/$meta', AIR);
  retain('hanbus/kitchen/air/$meta', '');
  expect(it1.spec('kitchen.air.temperature')).toBeDefined();
  expect(it1.spec('kitchen.old.state')).toEqual({ type: 'boolean' });
});

it('tells who is here and who is not, once per change', () => {
  const { map: it1, presence, retain } = map();
  it1.listen();
  for (const word of ['init', 'ready', 'failing', 'quarantined', 'lost', 'init', 'ready']) {
    retain('hanbus/kitchen/fridge/$state', word);
  }
  for (const word of ['ready', 'sleeping', 'lost', '']) retain('hanbus/garden/$state', word);
  expect(presence).toEqual([
    'device kitchen.fridge here',
    'device kitchen.fridge away',
    'device kitchen.fridge here',
    'peer garden here',
    'peer garden away',
  ]);
  presence.length = 0;
  it1.tellPresence();
  expect(presence).toEqual(['device kitchen.fridge here', 'peer garden away']);
});

it('is silent after the stop', async () => {
  const { map: it1, bus, retain, clock, changes } = map();
  it1.listen();
  retain('hanbus/kitchen/air/$meta', AIR);
  it1.stop();
  await clock.advance(1_000);
  expect([bus.counts.subscriptions, changes(), clock.pending]).toEqual([0, 0, 0]);
});
