import type { Wish } from './read-command.ts';

/** What a command says, to tell one that comes again from another with the same id: `pump.state="on"`. */
export function whatOf({ device, point, wish }: { device: string; point: string; wish: Wish }): string {
  return `${device}.${point}=${JSON.stringify(wish.v)}`;
}
