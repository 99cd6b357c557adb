import { expect, test } from 'vitest';
import type { Rule } from '../../src/schemes/rules/rule.ts';
import type { PayloadSource, Step, Template } from '../../src/schemes/rules/step.ts';
import { above, makeWorld, point, rule, type TestWorld } from './world.ts';

const OVER: PayloadSource = {
  form: 'json',
  members: {
    v: { from: 'term', term: { op: '*', left: { op: 'message', path: ['v'] }, right: { op: 'const', value: 2 } } },
    ['__proto__']: { from: 'const', value: 'own' },
  },
  over: true,
};

const publish = (topic: Template, payload: PayloadSource = OVER): Step & { do: 'publish' } => ({
  ...{ do: 'publish', topic, payload, retain: false, qos: 0, text: 'out' },
});

const when: Rule['when'] = [{ on: 'message', filter: 'in/#', text: 'in' }];
const IF: Rule['if'] = {
  ...{ op: '>', left: { op: 'message', path: ['v'] }, right: { op: 'const', value: 50 } },
  text: 'message.v > 50',
};
const NOTHING: Step = { do: 'parallel', branches: [], text: 'nothing' };

/** What can be seen of a world from outside, without the step that does nothing. */
function seen(world: TestWorld): unknown {
  const why = world.engine.why('act', world.moment);
  return {
    actions: world.actions.map((action) =>
      action.kind === 'publish' ? [action.id, action.rule, action.topic, action.payload] : action,
    ),
    traces: why?.traces.map((trace) => ({ ...trace, steps: trace.steps.filter(({ text }) => text === 'out') })),
    status: world.engine.list(world.moment),
    nearest: why?.nearest,
    changes: world.changes,
    notices: world.notices,
  };
}

/** A rule that only publishes is done at once; with a second step it has a run. Both come to the same. */
test.each<[string, Partial<Rule> & { readonly then: readonly [Step] }, (world: TestWorld) => void]>([
  ['plain', { if: IF, then: [publish(['out'])] }, () => undefined],
  ['with a topic of terms', { then: [publish(['out/', { term: { op: 'message', path: ['to'] } }])] }, () => undefined],
  ['with a bad topic', { then: [publish(['out/#'])] }, () => undefined],
  [
    'with values',
    { if: { ...above('a.k.v', 20), text: 'warm' }, then: [publish(['out'])] },
    (world) => world.say('a.k.v', 21.5),
  ],
  [
    'with an unknown value',
    { then: [publish(['o'], { form: 'value', value: { from: 'term', term: point('a.k.v') } })] },
    () => undefined,
  ],
  ['that rests', { cooldownMs: 3_000, then: [publish(['out'])] }, () => undefined],
  ['that is paused', { then: [publish(['out'])] }, (world) => void world.engine.enable('act', false, world.moment)],
  ['that hears itself', { then: [publish(['in/again'])] }, () => undefined],
  ['with two triggers', { when: [...when, ...when], then: [publish(['out'])] }, () => undefined],
])('a rule %s', (_, parts, prepare) => {
  const [quick, slow] = [parts.then, [...parts.then, NOTHING]].map((then) => {
    const world = makeWorld();
    world.load(rule('act', { when, fingerprint: 'same', ...parts, then }));
    prepare(world);
    return world;
  });
  for (const world of [quick, slow]) {
    for (let index = 0; index < 60; index += 1) {
      world?.message(
        `in/${index % 3}`,
        JSON.stringify({ v: index * 2, w: 'x', ...(index % 4 === 0 ? {} : { to: index }) }),
      );
      world?.message('in/none', index % 2 === 0 ? 'no json' : '[1]');
      world?.pass(index === 30 ? 86_400_000 : 1_700);
    }
    world?.engine.run('act', world.moment);
    const last = world?.took().at(-1);
    if (last?.startsWith('in/') === true) world?.message('in/again', '{"v":60}');
  }
  expect(quick === undefined ? undefined : seen(quick)).toEqual(slow === undefined ? undefined : seen(slow));
});

test('traces of a quick rule outlive a restart and a change of the rule', () => {
  const world = makeWorld();
  const own = rule('act', { when, if: IF, then: [publish(['out'])] });
  world.load(own);
  for (let index = 0; index < 30; index += 1) {
    world.message(`in/${index}`, '{"v":60}');
    world.pass(1_000);
  }
  const before = world.engine.why('act', world.moment);
  expect(before?.traces).toHaveLength(20);
  expect(before?.traces[0]).toMatchObject({ cause: 'in/29', result: 'acted', steps: [{ text: 'out', state: 'done' }] });
  world.load({ ...own, fingerprint: 'changed' });
  world.message('in/x', '{"v":60}');
  const after = world.engine.why('act', world.moment);
  expect(after?.traces.map(({ fingerprint }) => fingerprint)).toEqual(['changed', ...Array(19).fill(own.fingerprint)]);
  expect(after?.today).toBe(31);
  world.restart(5_000, [{ ...own, fingerprint: 'changed' }]);
  const back = world.engine.why('act', world.moment);
  expect(back?.traces.map(({ cause }) => cause).slice(0, 2)).toEqual(['in/x', 'in/29']);
  expect([back?.today, back?.lastRun]).toEqual([after?.today, after?.lastRun]);
});
