import { runTable } from './run-table.ts';
import { TABLE_5 } from './table-5.ts';

runTable(TABLE_5);
