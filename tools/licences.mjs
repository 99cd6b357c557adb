// `npm run licences`: the licence of every package that a user of hanbus runs, against the list of what we accept.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { inRoot, ROOT } from './setup/root.mjs';

const ACCEPTED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'Unlicense',
]);

/** Packages that name no licence in package.json; their LICENSE file of this very version was read. */
const READ = new Map([['suncalc@2.0.2', 'BSD-2-Clause']]);

/** Whether an SPDX expression such as `(MIT OR Apache-2.0)` leaves us a licence that we accept. */
export function isAccepted(expression) {
  const plain = expression.replace(/[()]/g, '');
  return plain.split(' OR ').some((choice) => choice.split(' AND ').every((name) => ACCEPTED.has(name.trim())));
}

/** Folders of all installed packages that are not for development only. */
function productionFolders() {
  const args = ['ls', '--all', '--parseable', '--omit=dev'];
  const folders = execFileSync('npm', args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return [...new Set(folders.split('\n'))].filter((folder) => folder.includes('/node_modules/'));
}

function licenceOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
  const full = `${name}@${version}`;
  return { name: full, licence: typeof license === 'string' ? license : (READ.get(full) ?? 'none') };
}

export function checkLicences() {
  const packages = productionFolders().map(licenceOf);
  const refused = packages.filter(({ licence }) => !isAccepted(licence));
  for (const { name, licence } of refused) console.error(`${name}: the licence ${licence} is not on our list`);
  console.log(`${packages.length} packages, ${refused.length} with a licence that we do not accept`);
  return packages.length > 0 && refused.length === 0;
}

if (import.meta.main ?? process.argv[1] === inRoot('tools', 'licences.mjs')) process.exitCode = checkLicences() ? 0 : 1;
