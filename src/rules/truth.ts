/** What a test says: undefined is unknown. An unknown test starts nothing. */
export type Truth = boolean | undefined;

/**
 * What a test says now, after what it last said for certain (`before`: undefined when it never did).
 *
 * | before  | now     | means                                                            |
 * |---------|---------|------------------------------------------------------------------|
 * | never   | true    | nothing: at a start a test that is true already does not fire    |
 * | never   | false   | nothing                                                          |
 * | false   | true    | `rose`, whether or not it was unknown in between                 |
 * | true    | true    | nothing: a device that was stale comes back as it was            |
 * | true    | false   | `fell`, whether or not it was unknown in between                 |
 * | false   | false   | nothing                                                          |
 * | any     | unknown | nothing, and `before` stays                                      |
 *
 * A `for` counts from the moment its inner test is true, and an unknown in between starts it anew.
 */
export function edgeOf(before: Truth, now: Truth): 'fell' | 'none' | 'rose' {
  if (now === undefined || before === undefined || before === now) return 'none';
  return now ? 'rose' : 'fell';
}

/** What a test says now. Asking changes nothing. */
export type Check = () => Truth;

/** The opposite; of unknown it is unknown. */
export function not(check: Check): Check {
  return () => {
    const truth = check();
    return truth === undefined ? undefined : !truth;
  };
}
