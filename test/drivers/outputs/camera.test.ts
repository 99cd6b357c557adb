import { expect, test } from 'vitest';
import { driver } from '../../../src/drivers/outputs/camera.ts';
import { makeBench, onBench } from '../../fakes/bench.ts';

const OPTIONS = { camera: 0, width: 64, height: 64 };

test('it takes a picture when it is told to, and at no other time', async () => {
  const bench = makeBench();
  let shots = 0;
  const shoot = bench.camera.shoot.bind(bench.camera);
  Object.assign(bench.camera, {
    shoot: async (...wish: Parameters<typeof shoot>) => {
      shots += 1;
      return await shoot(...wish);
    },
  });
  const camera = await onBench(bench, driver, OPTIONS);
  await bench.clock.advance(3_600_000);
  expect([shots, camera.heard]).toEqual([0, []]);
  const told = await camera.write('take', true);
  expect(told).toMatchObject({ take: false, photo: { width: 64, height: 64, type: 'image/png' } });
  expect(await camera.write('take', false)).toEqual({ take: false });
  expect(shots).toBe(1);
});

test('a picture is an act: a command is never carried out twice', () => {
  expect(driver.points.take).toMatchObject({ settable: true, once: true, retain: false });
});
