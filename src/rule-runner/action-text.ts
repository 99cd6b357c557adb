import type { Action } from '../rules/engine-world.ts';
import { durationText } from '../schemes/quantity.ts';
import { plainText } from '../schemes/reading.ts';

/** An action in a few words: `kitchen.fan.state on for 20s`, `mail "Fan is on"`. */
export function actionText(action: Action): string {
  switch (action.kind) {
    case 'command': {
      const lasts = action.forMs === undefined ? '' : ` for ${durationText(action.forMs)}`;
      return `${action.target} ${plainText(action.value)}${lasts}`;
    }
    case 'variable':
      return `${action.variable} ${plainText(action.value)}`;
    case 'publish':
      return `publish ${action.topic} ${action.payload}`;
    case 'service':
      return `${action.service} ${JSON.stringify(action.args)}`;
  }
}
