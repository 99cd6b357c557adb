import { ROLES } from './credential.ts';

/** `broker:` for an editor, as JSON Schema. */
export function brokerSchema(): Readonly<Record<string, unknown>> {
  const url = { description: 'mqtt://host:1883 or mqtts://host:8883', type: 'string', pattern: '^mqtts?://' };
  const secret = { description: 'Name of a secret.', type: 'string', pattern: '^\\$[A-Z][A-Z0-9_]*$' };
  const engine = { url, user: { type: 'string' }, password: secret };
  return {
    description: 'The broker of this node, and an external one.',
    type: 'object',
    additionalProperties: false,
    properties: {
      listen: {
        description: 'Port, address:port, or off; default 1883 on this machine.',
        type: ['integer', 'string'],
        examples: [1883, '127.0.0.1:1884', 'off'],
      },
      engine: {
        description: 'An external broker: its address, or a map with url, user and password.',
        anyOf: [url, { type: 'object', additionalProperties: false, required: ['url'], properties: engine }],
      },
      tls: { description: 'Not run by this version.' },
      local: { description: 'Whether programs of this machine come in without a login.', enum: ['open', 'closed'] },
      users: {
        description: 'Logins of MQTT clients by name, beside those of `hanbus credentials`.',
        type: 'object',
        additionalProperties: userSchema(secret),
      },
    },
  };
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
