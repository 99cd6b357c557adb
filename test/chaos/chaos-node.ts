// A real node with outputs that write down what they do, to be ended at any moment:  <folder> <file of acts>
import { startChaosNode } from './start-chaos-node.ts';

const [folder = '', acts = ''] = process.argv.slice(2);
const node = await startChaosNode(folder, acts, ({ level, text, fields }) => {
  if (level === 'error' || level === 'warn') process.stderr.write(`${level} ${text} ${JSON.stringify(fields)}\n`);
});
process.stdout.write('ready\n');
process.once('SIGTERM', () => void node.stop().then(() => process.exit(0)));
