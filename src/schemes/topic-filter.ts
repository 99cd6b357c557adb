/** MQTT 5, 4.7.1: wildcards fill a whole level, `#` the last one. [MQTT-4.7.1-1] and 2 */
export function isFilterShape(text: string): boolean {
  const levels = text.split('/');
  return levels.every((level, index) => {
    if (level === '#') return index === levels.length - 1;
    return level === '+' || !/[+#]/.test(level);
  });
}
