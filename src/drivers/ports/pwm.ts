import { OptionsError, Unavailable } from '../../kit/errors.ts';
import { writeAttribute } from './one-wire.ts';
import type { FilesPort } from './ports.ts';
import type { PwmChannel, PwmPort } from './pwm-channel.ts';

export interface PwmWorld {
  readonly files: FilesPort;
  /** Writes a kernel attribute; throws Unavailable when this process may not. */
  readonly write?: (path: string, text: string) => Promise<void>;
}

const CLASS = '/sys/class/pwm';
const SECOND_NS = 1e9;

/** The PWM channels of this machine. Source: Documentation/ABI/testing/sysfs-class-pwm. */
export function makePwmPort({ files, write = writeAttribute }: PwmWorld): PwmPort {
  return {
    open: async (place) => {
      const { chip, channel } = parsePwmPlace(place);
      const folder = `${CLASS}/${chip}/pwm${channel}`;
      if (!(await files.exists(folder))) {
        if (!(await files.exists(`${CLASS}/${chip}`))) {
          const fix = 'add dtoverlay=pwm to /boot/firmware/config.txt';
          throw new Unavailable(`there is no ${chip}: no PWM is switched on`, { fix });
        }
        await write(`${CLASS}/${chip}/export`, channel);
      }
      const one = makeChannel({ files, write, folder });
      await one.play(0);
      return one;
    },
  };
}

/** `pwmchip0:1` in its parts. */
export function parsePwmPlace(place: string): { readonly chip: string; readonly channel: string } {
  const [, chip, channel] = /^(pwmchip\d+):(\d+)$/.exec(place) ?? [];
  if (chip !== undefined && channel !== undefined) return { chip, channel };
  throw new OptionsError(`"${place}" is no PWM channel`, { fix: 'at: pwmchip0:0' });
}

function makeChannel({ files, write, folder }: Required<PwmWorld> & { readonly folder: string }): PwmChannel {
  return {
    play: async (hz) => {
      if (hz === 0) {
        // A channel that never had a period cannot be switched off, and is off.
        if ((await files.text(`${folder}/enable`)) === '1') await write(`${folder}/enable`, '0');
        return;
      }
      const periodNs = Math.round(SECOND_NS / hz);
      // The pulse must never be longer than the period, in between neither.
      await write(`${folder}/duty_cycle`, '0');
      await write(`${folder}/period`, String(periodNs));
      await write(`${folder}/duty_cycle`, String(Math.round(periodNs / 2)));
      await write(`${folder}/enable`, '1');
    },
    playing: async () => {
      if ((await files.text(`${folder}/enable`)) !== '1') return 0;
      const periodNs = Number(await files.text(`${folder}/period`));
      return periodNs > 0 ? Math.round(SECOND_NS / periodNs) : 0;
    },
    close: async () => undefined,
  };
}
