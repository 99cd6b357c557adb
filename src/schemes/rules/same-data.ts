/** Whether two values as YAML or JSON gives them say the same; the order of keys counts, as a rule is done in order. */
export function sameData(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const [left, right] = [Object.entries(one), Object.entries(other)];
  return (
    left.length === right.length &&
    left.every(([key, value], at) => {
      const pair = right[at];
      return pair !== undefined && pair[0] === key && sameData(value, pair[1]);
    })
  );
}
