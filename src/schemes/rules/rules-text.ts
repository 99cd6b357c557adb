type Raw = Readonly<Record<string, unknown>>;

/** `rules`, `scenes`, `groups`, `home` and the services that rules may call, as YAML gave them. */
export interface RulesText {
  readonly rules: Raw;
  readonly scenes: Raw;
  readonly groups: Raw;
  readonly home: Raw;
  /** Names of `services` and of bridges that can be called. */
  readonly services: readonly string[];
  readonly location?: readonly [number, number];
}

export const NO_RULES: RulesText = { rules: {}, scenes: {}, groups: {}, home: {}, services: [] };
