import { expect, test } from 'vitest';
import { makeScripted } from '../fakes/drivers.ts';
import { planOf, setUp } from './set-up.ts';

test('readings come on a beat; unchanged ones as heartbeat after 60 s', async () => {
  const { driver } = makeScripted({ read: () => ({ value: 21.5 }) });
  const { apply, clock, told, retained, publisher } = setUp({ scripted: driver });
  await apply([planOf('air', 'scripted')]);
  await clock.advance(130_000);
  expect(told('air/value').map(([, text]) => text)).toEqual(['21.5', '21.5', '21.5']);
  const times = told('air/value').map(([at]) => at);
  expect(times).toEqual([35, 59_000, 119_000]);
  expect(retained('air/$state')).toBe('ready');
  expect(retained('air/value')).toBe('21.5');
  await publisher.firstReadings;
  await publisher.stop();
});
