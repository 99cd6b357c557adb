import { type Statement, server } from './table.ts';

export const STATEMENTS_5: readonly Statement[] = [
  server('3.1.0-1', 'The first packet of a client is CONNECT.'),
  server('3.1.0-2', 'A second CONNECT is a protocol error and ends the connection.'),
];
