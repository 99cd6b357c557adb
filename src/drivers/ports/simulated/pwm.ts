import { Unavailable } from '../../../kit/errors.ts';
import { parsePwmPlace } from '../pwm.ts';
import type { PwmPort } from '../pwm-channel.ts';

export interface SimulatedPwm extends PwmPort {
  /** Hz of a channel such as `pwmchip0:0`. */
  tone(place: string): number;
  /** Hears each change of a tone. */
  onTone(hear: (place: string, hz: number) => void): void;
  unplug(): void;
  plug(): void;
}

/** One chip, pwmchip0, with so many channels. */
export function makeSimulatedPwm(channels = 2): SimulatedPwm {
  const tones = new Map<string, number>();
  const listeners: ((place: string, hz: number) => void)[] = [];
  let isPlugged = true;
  const refuseGone = () => {
    if (!isPlugged) throw new Unavailable('there is no pwmchip0: no PWM is switched on');
  };
  return {
    open: async (place) => {
      const { chip, channel } = parsePwmPlace(place);
      refuseGone();
      if (chip !== 'pwmchip0' || Number(channel) >= channels) throw new Unavailable(`there is no ${place}`);
      tones.set(place, 0);
      return {
        play: async (hz) => {
          refuseGone();
          const isNew = tones.get(place) !== hz;
          tones.set(place, hz);
          if (isNew) for (const hear of listeners) hear(place, hz);
        },
        playing: async () => {
          refuseGone();
          return tones.get(place) ?? 0;
        },
        close: async () => undefined,
      };
    },
    tone: (place) => tones.get(place) ?? 0,
    onTone: (hear) => void listeners.push(hear),
    unplug: () => {
      isPlugged = false;
    },
    plug: () => {
      isPlugged = true;
    },
  };
}
