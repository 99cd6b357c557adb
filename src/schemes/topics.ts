/** Every topic of hanbus, written once. Architecture page, section 4.1. */
export const ROOT = 'hanbus';

/** Where the shared variables of the home are; no node may be called so. */
export const HOME = 'home';

/** What a topic carries, for the generated reference. */
export interface TopicFact {
  readonly pattern: string;
  readonly payload: string;
  readonly retained: 'yes' | 'no' | 'if it is state';
}

export const TOPIC_FACTS: readonly TopicFact[] = [
  { pattern: 'hanbus/<node>/$state', payload: 'init, ready, sleeping, lost or disconnected', retained: 'yes' },
  { pattern: 'hanbus/<node>/$info', payload: 'JSON: version, board, epoch, start, time quality', retained: 'yes' },
  {
    pattern: 'hanbus/<node>/$outbox',
    payload: 'JSON: what waits for destinations, and the ledger of each',
    retained: 'yes',
  },
  { pattern: 'hanbus/<node>/$req/<verb>', payload: 'JSON control request; `id` is echoed', retained: 'no' },
  { pattern: 'hanbus/<node>/$res/<verb>', payload: 'JSON: id, ok, result or error', retained: 'no' },
  { pattern: 'hanbus/<node>/<device>/$state', payload: 'health of the device', retained: 'yes' },
  { pattern: 'hanbus/<node>/<device>/$meta', payload: 'JSON descriptor of the device and its points', retained: 'yes' },
  { pattern: 'hanbus/<node>/<device>/<point>', payload: 'plain value', retained: 'if it is state' },
  {
    pattern: 'hanbus/<node>/<device>/<point>/$v',
    payload: 'JSON: v, u, t, q, e, s; made on demand',
    retained: 'if it is state',
  },
  {
    pattern: 'hanbus/<node>/<device>/<point>/$publish',
    payload: 'JSON: effective publish policy and its origin',
    retained: 'yes',
  },
  {
    pattern: 'hanbus/<node>/<device>/<point>/$publish/set',
    payload: 'JSON patch of the policy, or `undo`',
    retained: 'no',
  },
  {
    pattern: 'hanbus/<node>/<device>/<point>/set',
    payload: 'plain value: a command; a retained one is refused',
    retained: 'no',
  },
  {
    pattern: 'hanbus/<node>/<device>/<point>/$cmd',
    payload: 'JSON: id, v, ttl, mode, by: a command with id and deadline',
    retained: 'no',
  },
  {
    pattern: 'hanbus/<node>/<device>/<point>/$ack',
    payload: 'JSON: id, st, why: what became of a command',
    retained: 'no',
  },
  {
    pattern: 'hanbus/<node>/<device>/<point>/$guard',
    payload: 'JSON: what its limits hold just now: since when it is on, locked until, by hand until',
    retained: 'yes',
  },
  {
    pattern: 'hanbus/<node>/$group/<name>/set',
    payload: 'plain value: a command to each member of a group; also `$cmd`, answered on `$ack`',
    retained: 'no',
  },
  {
    pattern: 'hanbus/<node>/$scene/<name>/set',
    payload: 'anything: sets the scene; also `$cmd`, answered on `$ack`',
    retained: 'no',
  },
  { pattern: 'hanbus/home/<variable>', payload: 'plain value of a variable of the home', retained: 'yes' },
  { pattern: 'hanbus/home/<variable>/set', payload: 'plain value: a wish to change it', retained: 'no' },
  { pattern: 'hanbus/home/<variable>/$cmd', payload: 'JSON: id, v, by: the same wish with an id', retained: 'no' },
  { pattern: 'hanbus/home/<variable>/$ack', payload: 'JSON: id, st, why: what became of the wish', retained: 'no' },
  {
    pattern: 'hanbus/<node>/gateway/<service>/<call>',
    payload: 'JSON: id and the arguments: a call of a service; `send` unless it has several calls',
    retained: 'no',
  },
  {
    pattern: 'hanbus/<node>/gateway/<service>/<call>/$res',
    payload: 'JSON: id, ok, result or error: what became of the call',
    retained: 'no',
  },
];

export const topics = {
  nodeState: (node: string) => `${ROOT}/${node}/$state`,
  nodeInfo: (node: string) => `${ROOT}/${node}/$info`,
  nodeOutbox: (node: string) => `${ROOT}/${node}/$outbox`,
  request: (node: string, verb: string) => `${ROOT}/${node}/$req/${verb}`,
  response: (node: string, verb: string) => `${ROOT}/${node}/$res/${verb}`,
  deviceState: (node: string, device: string) => `${ROOT}/${node}/${device}/$state`,
  deviceMeta: (node: string, device: string) => `${ROOT}/${node}/${device}/$meta`,
  point: (node: string, device: string, point: string) => `${ROOT}/${node}/${device}/${point}`,
  envelope: (node: string, device: string, point: string) => `${ROOT}/${node}/${device}/${point}/$v`,
  policy: (node: string, device: string, point: string) => `${ROOT}/${node}/${device}/${point}/$publish`,
  policySet: (node: string, device: string, point: string) => `${ROOT}/${node}/${device}/${point}/$publish/set`,
  set: (node: string, device: string, point: string) => `${ROOT}/${node}/${device}/${point}/set`,
  command: (node: string, device: string, point: string) => `${ROOT}/${node}/${device}/${point}/$cmd`,
  ack: (node: string, device: string, point: string) => `${ROOT}/${node}/${device}/${point}/$ack`,
  guard: (node: string, device: string, point: string) => `${ROOT}/${node}/${device}/${point}/$guard`,
  variable: (name: string) => `${ROOT}/${HOME}/${name}`,
  variableSet: (name: string) => `${ROOT}/${HOME}/${name}/set`,
  variableCommand: (name: string) => `${ROOT}/${HOME}/${name}/$cmd`,
  variableAck: (name: string) => `${ROOT}/${HOME}/${name}/$ack`,
  serviceCall: (node: string, service: string, call: string) => `${ROOT}/${node}/gateway/${service}/${call}`,
  serviceAnswer: (node: string, service: string, call: string) => `${ROOT}/${node}/gateway/${service}/${call}/$res`,
  /** Everything a node owns. */
  everythingOf: (node: string) => `${ROOT}/${node}/#`,
  everyRequest: (node: string) => `${ROOT}/${node}/$req/+`,
  everySet: (node: string) => `${ROOT}/${node}/+/+/set`,
  everyCommand: (node: string) => `${ROOT}/${node}/+/+/$cmd`,
  everyAck: (node: string) => `${ROOT}/${node}/+/+/$ack`,
  everyEnvelope: (node: string) => `${ROOT}/${node}/+/+/$v`,
  everyVariable: () => `${ROOT}/${HOME}/+`,
  everyVariableSet: () => `${ROOT}/${HOME}/+/set`,
  everyVariableCommand: () => `${ROOT}/${HOME}/+/$cmd`,
  everyNodeState: () => `${ROOT}/+/$state`,
  everyServiceAnswer: (node: string) => `${ROOT}/${node}/gateway/+/+/$res`,
  everyDeviceState: (node: string) => `${ROOT}/${node}/+/$state`,
  everyDeviceMeta: (node: string) => `${ROOT}/${node}/+/$meta`,
  everyPolicy: (node: string) => `${ROOT}/${node}/+/+/$publish`,
  everyPolicySet: (node: string) => `${ROOT}/${node}/+/+/$publish/set`,
} as const;

/** The parts of a topic below `hanbus/<node>/`, or undefined for a foreign topic. */
export interface TopicParts {
  readonly node: string;
  readonly rest: readonly string[];
}

export function parseTopic(topic: string): TopicParts | undefined {
  const [root, node, ...rest] = topic.split('/');
  if (root !== ROOT || node === undefined || node === '' || rest.length === 0) return undefined;
  return { node, rest };
}
