import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';

/** Why a request is no WebSocket for MQTT, as an HTTP status and words for the log. */
export interface WsRefusal {
  readonly status: 400 | 403 | 404 | 426;
  readonly why: string;
}

export interface WsRules {
  /** Origins of pages on other hosts, such as `https://panel.example.org`. */
  readonly origins: readonly string[];
  /** Own names, beside those that only a network at home can have. */
  readonly hosts: readonly string[];
}

export interface WsRequest {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

const PATHS = ['/', '/mqtt'];
/** MQTT 3.1.1 and 5, and what clients of 3.1 ask for. */
const PROTOCOLS = ['mqtt', 'mqttv3.1'];
/** Domains in which nobody in the Internet can have a name (RFC 6761, 6762, 8375; `.lan` and `.internal` by custom). */
const HOME_DOMAINS = /\.(?:home\.arpa|internal|lan|local|localhost)$/;

/** The sub-protocol to speak, of those that the client offers. [MQTT-6.0.0-3], [MQTT-6.0.0-4] */
export function subProtocolOf({ headers }: WsRequest): string | undefined {
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((word) => word.trim());
  return PROTOCOLS.find((protocol) => offered.includes(protocol));
}

/** Undefined: welcome. */
export function wsRefusal(request: WsRequest, rules: WsRules): WsRefusal | undefined {
  const { url, headers } = request;
  const path = url.split('?')[0] ?? '';
  if (headers.upgrade?.toLowerCase() !== 'websocket') return { status: 426, why: 'a plain HTTP request' };
  if (!PATHS.includes(path)) return { status: 404, why: `path ${path}, not /mqtt` };
  const stranger = originRefusal(headers, rules);
  if (stranger !== undefined) return { status: 403, why: stranger };
  return subProtocolOf(request) === undefined ? { status: 400, why: 'sub-protocol mqtt not offered' } : undefined;
}

/**
 * Only browsers send an Origin: a page of this host, or of one that the scheme lists, may connect. A page of a stranger
 * whose name has been made to lead here comes with that name in both headers, so the name must be one of this network.
 */
function originRefusal({ origin, host }: IncomingHttpHeaders, { origins, hosts }: WsRules): string | undefined {
  if (origin === undefined || origins.includes(origin.toLowerCase())) return undefined;
  const page = hostOf(origin);
  const own = hostOf(`http://${host ?? ''}`);
  if (page === undefined || page !== own) return `origin ${origin} is another host`;
  return isOfThisNetwork(own, hosts) ? undefined : `host ${own} is not known`;
}

function isOfThisNetwork(host: string, own: readonly string[]): boolean {
  const isAddress = isIP(host.replace(/^\[|\]$/g, '')) !== 0;
  return isAddress || !host.includes('.') || HOME_DOMAINS.test(host) || own.includes(host);
}

function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname.toLowerCase() || undefined : undefined;
}
