/** Who puts it on the bus. */
export const ORIGIN = 'rules';
