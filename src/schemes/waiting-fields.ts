import Type, { type TSchema } from 'typebox';
import { optional, record, text, whole } from './fields.ts';

const closed = (members: Record<string, TSchema>, description: string): TSchema =>
  Type.Object(members, { additionalProperties: false, description });
const named = (member: TSchema, description: string): TSchema => record(description, member);

const connection = (description: string): TSchema =>
  Type.Object({ kind: text('Kind of bridge or service.') }, { additionalProperties: true, description });

/** The parts of a scheme that this version checks by their form and does not run. */
export function waitingFields(): Readonly<Record<string, TSchema>> {
  return {
    bridges: named(connection('A connection to another broker or a cloud.'), 'Bridges by name.'),
    dashboard: closed({ port: optional(whole('Port of the dashboard.', { min: 1, max: 65_535 })) }, 'The dashboard.'),
    mesh: closed({ name: optional(text('Name of the home.')) }, 'The mesh of nodes.'),
    services: named(connection('An outside API.'), 'Services by name.'),
  };
}
