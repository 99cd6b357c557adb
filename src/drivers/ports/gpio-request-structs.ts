import type { Edge, LineRequest } from './gpio-line.ts';

/** Requests that take a line for oneself. Source: include/uapi/linux/gpio.h, uAPI v2; sizes alike on 32 and 64 bit. */
export const GPIO_V2_GET_LINE = 0xc250b407;
export const GPIO_V2_LINE_GET_VALUES = 0xc010b40e;
export const GPIO_V2_LINE_SET_VALUES = 0xc010b40f;
/** u64 timestamp_ns, u32 id, u32 offset, u32 seqno, u32 line_seqno, padding. */
export const EVENT_BYTES = 48;

const REQUEST_BYTES = 592;
const CONSUMER = { at: 256, bytes: 32 } as const;
const FLAGS_AT = 288;
const ATTRIBUTE_COUNT_AT = 296;
/** Each: u32 id, u32 padding, u64 value, u64 mask. */
const ATTRIBUTES = { at: 320, bytes: 24 } as const;
const LINE_COUNT_AT = 560;
const FD_AT = 588;
const FLAG = { activeLow: 2, input: 4, output: 8, rising: 16, falling: 32, up: 256, down: 512, none: 1024 } as const;
const ATTRIBUTE = { outputs: 2, debounce: 3 } as const;
const RISING = 1;

/** struct gpio_v2_line_request for one line; `initial` is decided here. */
export function lineRequest(offset: number, request: LineRequest, initial: boolean): Uint8Array {
  const bytes = new Uint8Array(REQUEST_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, offset, true);
  bytes.set(new TextEncoder().encode('hanbus').subarray(0, CONSUMER.bytes - 1), CONSUMER.at);
  view.setBigUint64(FLAGS_AT, BigInt(flagsOf(request)), true);
  const attributes: (readonly [id: number, value: bigint])[] = [];
  if (request.direction === 'out') attributes.push([ATTRIBUTE.outputs, initial ? 1n : 0n]);
  // The kernel's field is 32 bits of microseconds at the beginning of the union.
  if (request.debounceMs !== undefined && request.debounceMs > 0)
    attributes.push([ATTRIBUTE.debounce, BigInt(Math.round(request.debounceMs * 1_000))]);
  view.setUint32(ATTRIBUTE_COUNT_AT, attributes.length, true);
  for (const [index, [id, value]] of attributes.entries()) {
    const at = ATTRIBUTES.at + index * ATTRIBUTES.bytes;
    view.setUint32(at, id, true);
    view.setBigUint64(at + 8, value, true);
    view.setBigUint64(at + 16, 1n, true);
  }
  view.setUint32(LINE_COUNT_AT, 1, true);
  return bytes;
}

/** Takes a line without a word about direction, level, resistor or edges: the kernel leaves all of it as it is. */
export function asIsRequest(offset: number, { line, activeLow }: LineRequest): Uint8Array {
  const bytes = lineRequest(offset, { line, direction: 'in' }, false);
  new DataView(bytes.buffer).setBigUint64(FLAGS_AT, activeLow === true ? BigInt(FLAG.activeLow) : 0n, true);
  return bytes;
}

function flagsOf({ direction, activeLow, bias, edges }: LineRequest): number {
  const way = direction === 'out' ? FLAG.output : FLAG.input;
  const pull = bias === undefined ? 0 : FLAG[bias];
  const watch = edges === true ? FLAG.rising | FLAG.falling : 0;
  return way | pull | watch | (activeLow === true ? FLAG.activeLow : 0);
}

/** The descriptor that the kernel put into an answered request. */
export function lineFd(answer: Uint8Array): number {
  return new DataView(answer.buffer, answer.byteOffset).getInt32(FD_AT, true);
}

/** struct gpio_v2_line_values for the one line: u64 bits, u64 mask. */
export function lineValues(active: boolean): Uint8Array {
  const bytes = new Uint8Array(16);
  bytes[0] = active ? 1 : 0;
  bytes[8] = 1;
  return bytes;
}

export function isActive(values: Uint8Array): boolean {
  return ((values[0] ?? 0) & 1) === 1;
}

/** Whole event records; `lastSeqno` is that of the record before, 0 for none. */
export function parseEvents(bytes: Uint8Array, lastSeqno: number): { edges: Edge[]; seqno: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const edges: Edge[] = [];
  let seqno = lastSeqno;
  for (let at = 0; at + EVENT_BYTES <= bytes.length; at += EVENT_BYTES) {
    const now = view.getUint32(at + 16, true);
    const lost = Math.max(0, ((now - seqno) >>> 0) - 1);
    edges.push({
      active: view.getUint32(at + 8, true) === RISING,
      atMs: Number(view.getBigUint64(at, true) / 1_000n) / 1_000,
      lost,
    });
    seqno = now;
  }
  return { edges, seqno };
}
