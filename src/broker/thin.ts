import { ALIAS } from './encode-publish.ts';
import type { Piece } from './out-buffer.ts';

const PUBLISH = 0x30;

/** Keeps the newest QoS 0 message of each topic, and everything else, in order. `isFive`: the client speaks MQTT 5. */
export function thin(pieces: readonly Piece[], isFive: boolean): { kept: Piece[]; dropped: number } {
  const seen = new Set<string>();
  const kept: Piece[] = [];
  let dropped = 0;
  for (let index = pieces.length - 1; index >= 0; index -= 1) {
    const piece = pieces[index];
    if (piece === undefined) continue;
    if (piece.droppable === 0) {
      kept.push(piece);
      continue;
    }
    const thinner = thinned(piece.bytes, seen, isFive);
    dropped += piece.packets - thinner.packets;
    if (thinner.packets > 0) kept.push(thinner);
  }
  return { kept: kept.reverse(), dropped };
}

function thinned(bytes: Buffer, seen: Set<string>, isFive: boolean): Piece {
  const starts = startsOf(bytes);
  const keep: Buffer[] = [];
  let droppable = 0;
  for (let index = starts.length - 2; index >= 0; index -= 1) {
    const start = starts[index] ?? 0;
    const topic = droppableTopic(bytes, start, isFive);
    if (topic !== undefined && seen.has(topic)) continue;
    if (topic !== undefined) seen.add(topic);
    if (isOnce(bytes, start)) droppable += 1;
    keep.push(bytes.subarray(start, starts[index + 1]));
  }
  return { bytes: Buffer.concat(keep.reverse()), packets: keep.length, droppable };
}

/** Whether a QoS 0 PUBLISH begins here. */
function isOnce(bytes: Buffer, start: number): boolean {
  return ((bytes[start] ?? 0) & 0xf6) === PUBLISH;
}

/** Where each packet begins, and the end of the last one. */
function startsOf(bytes: Buffer): number[] {
  const starts = [0];
  for (let at = 0; at < bytes.length; ) {
    at = packetEnd(bytes, at);
    starts.push(at);
  }
  return starts;
}

function packetEnd(bytes: Buffer, start: number): number {
  let length = 0;
  let at = start + 1;
  for (let factor = 1; ; factor *= 128) {
    const byte = bytes[at] ?? 0;
    at += 1;
    length += (byte & 0x7f) * factor;
    if (byte < 0x80) return at + length;
  }
}

/** The topic of a QoS 0 PUBLISH, byte by byte as a text; undefined for anything else, and for one with an alias. */
function droppableTopic(bytes: Buffer, start: number, isFive: boolean): string | undefined {
  if (!isOnce(bytes, start)) return undefined;
  let at = start + 1;
  while ((bytes[at] ?? 0) >= 0x80) at += 1;
  const topicAt = at + 3;
  if (isFive && hasAlias(bytes, topicAt + bytes.readUInt16BE(at + 1))) return undefined;
  return bytes.toString('latin1', topicAt, topicAt + bytes.readUInt16BE(at + 1));
}

/** Whether the properties that begin here have an alias first, as our encoder writes it. */
function hasAlias(bytes: Buffer, at: number): boolean {
  if (bytes[at] === 0) return false;
  let first = at;
  while ((bytes[first] ?? 0) >= 0x80) first += 1;
  return bytes[first + 1] === ALIAS;
}
