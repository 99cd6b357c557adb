import { whole, withDefault } from '../../schemes/fields.ts';
import type { Points } from '../../schemes/point.ts';
import { defineOutput } from '../driver.ts';

const points = {
  photo: { type: 'json', about: 'the last picture: file, type, bytes, width, height, taken' },
  take: {
    type: 'boolean',
    about: 'on takes a picture; then it is off again',
    settable: true,
    once: true,
    retain: false,
  },
} as const satisfies Points;

/** Takes a picture only when it is told to: nobody is filmed by accident. The picture stays on the node; `photo` says where. */
export const driver = defineOutput({
  kind: 'camera',
  summary: 'Still pictures from a Raspberry Pi camera or a camera on USB.',
  options: {
    camera: withDefault(whole('Number of the camera.', { min: 0, max: 9 }), 0),
    height: withDefault(whole('Pixels.', { min: 64, max: 4_000 }), 720),
    width: withDefault(whole('Pixels.', { min: 64, max: 6_000 }), 1280),
  },
  points,
  deadline: '15s',
  example: { width: 1280, height: 720 },
  async open({ camera, height, width }, { ports, clock }) {
    return {
      // There is no news but what is asked for.
      listen: async () => undefined,
      write: async ({ value }, signal) => {
        if (value !== true) return { take: false };
        const { file, type, bytes } = await ports.camera.shoot({ camera, height, width }, signal);
        const taken = new Date(clock.now()).toISOString();
        return { photo: { file, type, bytes, width, height, taken }, take: false };
      },
      close: async () => undefined,
    };
  },
});
