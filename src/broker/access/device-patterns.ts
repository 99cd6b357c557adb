/** Tasmota puts what a message is before the name of the device: `cmnd/tasmota1/POWER`. */
const TASMOTA_LEVELS = ['cmnd', 'stat', 'tele'] as const;
/** Every Tasmota listens to this topic too, unless somebody gave it another group. */
const TASMOTA_GROUP = 'cmnd/tasmotas/#';

/** What a prefix opens: the device's own topics, the way of most devices and of Tasmota. */
export function patternsOf(prefix: string): readonly string[] {
  return [`${prefix}/#`, ...TASMOTA_LEVELS.map((level) => `${level}/${prefix}/#`)];
}

/**
 * What a device may read beside its own topics: commands to the group of all Tasmotas, and when its client id is bound,
 * the topic under which Tasmota can always be found (`cmnd/DVES_123456_fb/...`). With a free client id it could take
 * that of another device, so it does not get it then.
 */
export function sharedReads(clientId: string | undefined): readonly string[] {
  return clientId === undefined ? [TASMOTA_GROUP] : [TASMOTA_GROUP, `cmnd/${clientId}_fb/#`];
}
