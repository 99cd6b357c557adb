/** Names of tests that the broker does not pass yet. An empty list is the aim. */
export const NOT_YET_5: readonly string[] = ['the properties of a will go with it, the user properties in their order'];
