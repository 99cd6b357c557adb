/** How much an outbox may hold. Architecture page, 6. */
export interface OutboxLimits {
  /** Bytes of records that wait; the files may be a quarter larger. */
  readonly bytes: number;
  /** What is older is given up; ms. */
  readonly ageMs: number;
  readonly records: number;
  /** Room that only alarms may use, beyond the others; bytes. */
  readonly alarmBytes: number;
  /** Lazy items that are in memory only; when more cannot be written the oldest go; bytes. */
  readonly memoryBytes: number;
  /** One item; bytes of its record. */
  readonly itemBytes: number;
  /** Topics whose counts are told one by one. */
  readonly topics: number;
  /** What a reader may have pulled and not acknowledged. */
  readonly window: number;
}

export const OUTBOX_LIMITS: OutboxLimits = {
  bytes: 67_108_864,
  ageMs: 7 * 86_400_000,
  records: 200_000,
  alarmBytes: 4_194_304,
  memoryBytes: 16_777_216,
  itemBytes: 1_048_576,
  topics: 10_000,
  window: 10_000,
};
