/** Reason codes of MQTT 5, section 2.4, as far as this broker sends or reads them. */
export const REASON = {
  success: 0x00,
  disconnectWithWill: 0x04,
  noSubscription: 0x11,
  goOn: 0x18,
  authenticateAgain: 0x19,
  unspecified: 0x80,
  malformed: 0x81,
  protocolError: 0x82,
  refusedHere: 0x83,
  unsupportedVersion: 0x84,
  badClientId: 0x85,
  badLogin: 0x86,
  notAuthorised: 0x87,
  serverBusy: 0x89,
  banned: 0x8a,
  shuttingDown: 0x8b,
  badAuthMethod: 0x8c,
  keepAliveTimeout: 0x8d,
  takenOver: 0x8e,
  badFilter: 0x8f,
  badTopic: 0x90,
  idNotFound: 0x92,
  receiveMaximum: 0x93,
  badAlias: 0x94,
  packetTooLarge: 0x95,
  quota: 0x97,
  administrative: 0x98,
  useAnother: 0x9c,
  moved: 0x9d,
} as const;

const TEXTS = new Map<number, string>(
  Object.entries(REASON).map(([name, code]) => [
    code,
    name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`),
  ]),
);

/** A few words for a reason string. */
export const reasonText = (reason: number): string => TEXTS.get(reason) ?? 'refused';

/** MQTT 3.1.1, table 3.1: what CONNACK can say there. */
const OLD_CONNACK: Readonly<Record<number, number>> = {
  [REASON.success]: 0,
  [REASON.unsupportedVersion]: 1,
  [REASON.badClientId]: 2,
  [REASON.badLogin]: 4,
  [REASON.notAuthorised]: 5,
  [REASON.banned]: 5,
};

/** The CONNACK return code of 3.1.1 for a reason code of 5; 3 (server unavailable) where there is no better one. */
export function oldReturnCode(reason: number): number {
  return OLD_CONNACK[reason] ?? 3;
}

/** A client broke the protocol or a limit: its connection is closed with `reason`. */
export class ProtocolError extends Error {
  readonly reason: number;

  constructor(reason: number, message: string) {
    super(message);
    this.name = 'ProtocolError';
    this.reason = reason;
  }
}
