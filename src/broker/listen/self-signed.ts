import { createHash, createPublicKey, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIP, isIPv4 } from 'node:net';
import { groupsOf } from './caller-address.ts';
import {
  bitString,
  integer,
  objectId,
  octetString,
  sequence,
  set,
  tagged,
  tagInPlace,
  text,
  time,
  truth,
} from './der.ts';

export interface SelfSigned {
  /** EC P-256. */
  readonly privateKey: KeyObject;
  /** Shown as the name of the certificate; at most 64 characters. */
  readonly name: string;
  /** Host names and IP addresses under which the node is reached. */
  readonly hosts: readonly string[];
  readonly from: number;
  readonly until: number;
}

const OID = {
  commonName: '2.5.4.3',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  extKeyUsage: '2.5.29.37',
};

/** A certificate for the servers and clients of one host, signed with its own key (RFC 5280), as PEM. */
export function selfSigned({ privateKey, name, hosts, from, until }: SelfSigned): string {
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  const algorithm = sequence(objectId(OID.ecdsaWithSha256));
  const subject = sequence(set(sequence(objectId(OID.commonName), text(name.slice(0, 64)))));
  const body = sequence(
    tagged(0, integer(Buffer.of(2))),
    integer(serialNumber()),
    algorithm,
    subject,
    sequence(time(from), time(until)),
    subject,
    publicKey,
    tagged(3, extensions(publicKey, hosts)),
  );
  const certificate = sequence(body, algorithm, bitString(sign('sha256', body, privateKey)));
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function extensions(publicKey: Buffer, hosts: readonly string[]): Buffer {
  const critical = (id: string, content: Buffer) => sequence(objectId(id), truth(), octetString(content));
  const plain = (id: string, content: Buffer) => sequence(objectId(id), octetString(content));
  return sequence(
    critical(OID.basicConstraints, sequence()),
    critical(OID.keyUsage, bitString(Buffer.of(0x80), 7)), // digitalSignature
    plain(OID.extKeyUsage, sequence(objectId(OID.serverAuth), objectId(OID.clientAuth))),
    plain(OID.subjectAltName, sequence(...hosts.map(hostName))),
    plain(OID.subjectKeyId, octetString(createHash('sha1').update(publicKey).digest())),
  );
}

/** GeneralName: [2] a DNS name, [7] an address. */
function hostName(host: string): Buffer {
  return isIP(host) === 0 ? tagInPlace(2, Buffer.from(host, 'latin1')) : tagInPlace(7, addressBytes(host));
}

function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  return Buffer.from(groupsOf(address).flatMap((group) => [group >> 8, group & 0xff]));
}

/** RFC 5280, 4.1.2.2: positive and not zero; random, so that two certificates of one node differ. */
function serialNumber(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes;
}
