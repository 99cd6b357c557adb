import { LIMIT_FACTS, type LimitFact, limitText } from './broker-limits.ts';
import { ROLES } from './credential.ts';

/** `broker:` for an editor, as JSON Schema. */
export function brokerSchema(): Readonly<Record<string, unknown>> {
  const url = { description: 'mqtt://host:1883 or mqtts://host:8883', type: 'string', pattern: '^mqtts?://' };
  const secret = { description: 'Name of a secret.', type: 'string', pattern: '^\\$[A-Z][A-Z0-9_]*$' };
  const door = {
    type: ['integer', 'string'],
    examples: [
      1883,
      '127.0.0.1:1884',
      'mqtts://0.0.0.0:8883',
      'ws://127.0.0.1:9001',
      'unix:/run/hanbus/mqtt.sock',
      'off',
    ],
  };
  const engine = { url, user: { type: 'string' }, password: secret };
  return {
    description: 'The broker of this node, and an external one.',
    type: 'object',
    additionalProperties: false,
    properties: {
      listen: {
        description: 'Port, address:port or URL, a list of them, or off; default 1883 on this machine.',
        anyOf: [door, { type: 'array', items: door }],
      },
      engine: {
        description: 'An external broker: its address, or a map with url, user and password.',
        anyOf: [url, { type: 'object', additionalProperties: false, required: ['url'], properties: engine }],
      },
      tls: {
        description:
          'The certificate of the node and what is asked of clients; opens port 8883 if `listen` has no TLS.',
        anyOf: [{ const: 'auto', description: 'The node makes its own certificate.' }, tlsSchema()],
      },
      origins: {
        description: 'Pages of other hosts that may connect by WebSocket.',
        type: 'array',
        items: { type: 'string', pattern: '^https?://[^/]+$', examples: ['https://panel.example.org'] },
      },
      local: { description: 'Whether programs of this machine come in without a login.', enum: ['open', 'closed'] },
      users: {
        description: 'Logins of MQTT clients by name, beside those of `hanbus credentials`.',
        type: 'object',
        additionalProperties: userSchema(secret),
      },
      ...watchSchema(),
    },
  };
}

function watchSchema(): object {
  return {
    durable: {
      description: 'Topic filters: QoS 1 and 2 messages there are acknowledged when they are on the disk.',
      type: 'array',
      items: { type: 'string', minLength: 1, examples: ['alarm/#'] },
    },
    limits: {
      description: 'What clients may use. `hanbus broker` shows what is in force; a change needs a start.',
      type: 'object',
      additionalProperties: false,
      properties: Object.fromEntries(LIMIT_FACTS.map((fact) => [fact.key, limitSchema(fact)])),
    },
    sys: {
      description: 'How often listeners of $SYS hear what has changed, or off; default 10s.',
      anyOf: [{ const: 'off' }, { type: 'string', pattern: '^\\d', examples: ['10s'] }],
    },
  };
}

function limitSchema(fact: LimitFact): object {
  const { sort, least, most, about } = fact;
  if (sort === 'count') return { description: about, type: 'integer', minimum: least, maximum: most };
  const span = `${limitText(fact, least)} to ${limitText(fact, most)}`;
  return { description: `${about}; ${span}`, type: 'string', examples: [limitText(fact, most)] };
}

function tlsSchema(): object {
  const file = (description: string) => ({ description, type: 'string', pattern: '^/' });
  const properties = {
    cert: file('Certificate of the node and what leads to its authority, PEM.'),
    key: file('Its private key, PEM, without a passphrase.'),
    ca: file('Who signs the certificates of clients, PEM.'),
    client: {
      description: 'Certificates of clients: not asked for, asked for, required.',
      enum: ['off', 'ask', 'require'],
    },
  };
  return { type: 'object', additionalProperties: false, properties };
}

function userSchema(password: object): object {
  const text = { type: 'string' };
  const filters = { type: ['string', 'array'], items: text };
  const properties = {
    password,
    role: { description: 'Default device with a prefix, viewer without.', enum: ROLES },
    prefix: { description: 'The topics of a device begin with it.', type: 'string', examples: ['tasmota1'] },
    read: { description: 'Topic filters; %c is the client id, %u the user.', ...filters },
    write: { description: 'Topic filters; %c is the client id, %u the user.', ...filters },
    client_id: { description: 'The only client id of this login.', ...text },
    certificate: { description: 'Fingerprints or names of client certificates.', ...filters },
    plain: { description: 'May come from another machine without encryption.', type: 'boolean' },
  };
  return { type: 'object', additionalProperties: false, properties };
}
