/** A PUBLISH packet with a packet identifier somewhere. */
export interface Stampable {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  /** Where the packet identifier lies, from `start`. */
  readonly idOffset: number;
}
