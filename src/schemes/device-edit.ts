import { type Document, parseDocument as parseYamlDocument } from 'yaml';
import { isRecord } from './yaml-value.ts';

/** A device as `save` writes it: kind, place and the other options that its driver needs. */
export interface SavedDevice {
  readonly name: string;
  readonly members: Readonly<Record<string, unknown>>;
}

const LAYOUT = { indent: 2, lineWidth: 0, flowCollectionPadding: false, indentSeq: true } as const;

/**
 * A scheme text with these devices in it, and the name of the node where it has none. What is written stays, comments
 * too; the layout is that of `hanbus fmt`. Undefined when the text has errors.
 */
export function withDevices(text: string, node: string, devices: readonly SavedDevice[]): string | undefined {
  const document = parsed(text);
  const data: unknown = document.toJS();
  if (document.errors.length > 0 || !(data === null || isRecord(data))) return undefined;
  const written = data ?? {};
  if (written.node === undefined) document.set('node', node);
  const known = isRecord(written.devices) ? written.devices : {};
  if (Object.keys(known).length === 0) document.set('devices', document.createNode({}));
  for (const device of devices) put(document, device, known[device.name]);
  return document.toString(LAYOUT);
}

/** The names of the devices in a text. */
export function deviceNames(text: string): readonly string[] {
  const data: unknown = parsed(text).toJS();
  return isRecord(data) && isRecord(data.devices) ? Object.keys(data.devices) : [];
}

function parsed(text: string): Document.Parsed {
  return parseYamlDocument(text, { version: '1.2', schema: 'core', merge: false, logLevel: 'silent' });
}

/** A short form such as `air: bme280` says enough; in a long one only what is missing is filled in. */
function put(document: Document.Parsed, { name, members }: SavedDevice, known: unknown): void {
  if (typeof known === 'string') return;
  if (!isRecord(known)) {
    const fresh = document.createNode(members);
    fresh.flow = true;
    document.setIn(['devices', name], fresh);
    return;
  }
  for (const [key, value] of Object.entries(members)) {
    if (!Object.hasOwn(known, key)) document.setIn(['devices', name, key], value);
  }
}
