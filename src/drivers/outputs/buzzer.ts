import { flag, place, withDefault } from '../../schemes/fields.ts';
import type { Points } from '../../schemes/point.ts';
import { type DriverContext, defineOutput } from '../driver.ts';

const points = {
  tone: {
    type: 'number',
    about: 'it sounds; 0 is silence',
    unit: 'Hz',
    range: [0, 20_000],
    decimals: 0,
    settable: true,
    once: true,
  },
} as const satisfies Points;

/** What makes the sound. */
interface Sounder {
  play(hz: number): Promise<void>;
  playing(): Promise<number>;
  close(): Promise<void>;
}

/**
 * On a GPIO line: a buzzer that sounds by itself when it has power; any tone but 0 switches it on, its own is heard. On a
 * PWM channel: a piezo or a small loudspeaker that plays the tone. It begins silent.
 */
export const driver = defineOutput({
  kind: 'buzzer',
  summary: 'A buzzer on a GPIO line, or a piezo that plays tones on a PWM channel.',
  options: {
    at: place('Line such as gpio18, or PWM channel such as pwmchip0:0.'),
    active_low: withDefault(flag('A low level sounds; on a line only.'), 'off'),
  },
  points,
  every: '30s',
  example: { at: 'gpio18' },
  async open({ at, active_low }, { ports }) {
    const sounder = at.startsWith('pwm') ? await ports.pwm.open(at) : await openBuzzer(at, active_low, ports);
    return {
      read: async () => ({ tone: await sounder.playing() }),
      write: async ({ value }) => {
        await sounder.play(Number(value));
        return { tone: await sounder.playing() };
      },
      close: async () => await sounder.close(),
    };
  },
});

/** The tone that was asked for is kept, though another is heard. */
async function openBuzzer(line: string, activeLow: boolean, { gpio }: DriverContext['ports']): Promise<Sounder> {
  const open = await gpio.request({ line, direction: 'out', activeLow, initial: false });
  let tone = 0;
  return {
    play: async (hz) => {
      tone = hz;
      await open.write(hz > 0);
    },
    playing: async () => ((await open.read()) ? tone : 0),
    close: async () => await open.close(),
  };
}
