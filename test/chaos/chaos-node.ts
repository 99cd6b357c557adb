// A real node with outputs that write down what they do, to be ended at any moment:  <folder>
import { startChaosNode } from './start-chaos-node.ts';

const node = await startChaosNode(process.argv[2] ?? '', ({ level, text, fields }) => {
  if (level === 'error' || level === 'warn') process.stderr.write(`${level} ${text} ${JSON.stringify(fields)}\n`);
});
process.stdout.write('ready\n');
process.once('SIGTERM', () => void node.stop().then(() => process.exit(0)));
