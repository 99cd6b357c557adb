/** What a rule does, in 16 letters: two rules with the same do the same, however their texts are written. */
export function fingerprintOf(rule: object): string {
  const text = JSON.stringify(rule, (key, value: unknown) => {
    const isWording = (key === 'text' && typeof value === 'string') || key === 'about';
    return isWording ? undefined : value;
  });
  return `${hashOf(text, 0xdeadbeef)}${hashOf(text, 0x41c6ce57)}`;
}

/** 32 bits of FNV-1a with a last mix, as hexadecimal. It only has to differ, nobody is kept out by it. */
function hashOf(text: string, seed: number): string {
  let hash = 0x811c9dc5 ^ seed;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return ((hash ^ (hash >>> 13)) >>> 0).toString(16).padStart(8, '0');
}
