/** What `hanbus explain` and the errors page tell about one code. */
export interface CodeFacts {
  /** `HB204`. Once given, a code never changes its meaning. */
  readonly code: string;
  /** One line. */
  readonly title: string;
  /** What happened and why hanbus minds. */
  readonly why: string;
  /** What to do. */
  readonly fix: string;
  /** A few lines of scheme or shell, where they help. */
  readonly example?: string;
  /** Exit code of a command that ends with this problem; default 1, for a scheme (HB2xx, HB3xx) 78. */
  readonly exit?: number;
}
