import { runTable } from './run-table.ts';
import { TABLE_3 } from './table-3.ts';

runTable(TABLE_3);
