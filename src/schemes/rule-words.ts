import { durationText } from './quantity.ts';
import { plainText, type Value } from './reading.ts';
import { clockWords, testBecoming, testWords, type WordNames } from './rule-test-words.ts';
import type { Rule, Trigger, Worded } from './rules/rule.ts';
import type { Source, Step } from './rules/step.ts';

/** A rule as a sentence for people: what starts it, on which condition, what it does. */
export function ruleWords(rule: Rule, names: WordNames): string {
  const { when, then, else: otherwise, cooldownMs } = rule;
  const start = `When ${when.map((trigger) => triggerWords(trigger, names)).join(', or ')}`;
  const condition = rule.if === undefined ? '' : `, and only while ${testWords(rule.if, names)}`;
  const back = otherwise.length === 0 ? '' : `; when that stops, ${stepsWords(otherwise, names)}`;
  const rest = cooldownMs === 0 ? '' : `; then not again for ${durationText(cooldownMs)}`;
  return `${start}${condition}, ${stepsWords(then, names)}${back}${rest}.`;
}

function triggerWords(trigger: Trigger & Worded, names: WordNames): string {
  switch (trigger.on) {
    case 'test':
      return testBecoming(trigger.test, names);
    case 'event':
      if (trigger.value === undefined) return `${names.shortName(trigger.point)} happens`;
      return `${names.shortName(trigger.point)} says ${plainText(trigger.value)}`;
    case 'changed':
      return `${names.shortName(trigger.point)} changes`;
    case 'rising':
      return `${names.shortName(trigger.point)} rises`;
    case 'falling':
      return `${names.shortName(trigger.point)} falls`;
    case 'gone':
      return `${names.shortName(trigger.subject.name)} goes away`;
    case 'back':
      return `${names.shortName(trigger.subject.name)} comes back`;
    case 'clock':
    case 'cron':
    case 'every':
    case 'message':
    case 'start':
    case 'sun':
      return timeWords(trigger);
  }
}

type Timed = Extract<Trigger, { on: 'clock' | 'cron' | 'every' | 'message' | 'start' | 'sun' }>;

function timeWords(trigger: Timed & Worded): string {
  switch (trigger.on) {
    case 'clock':
      return `it is ${clockWords(trigger.atMs)}`;
    case 'every':
      return `another ${durationText(trigger.ms)} have passed`;
    case 'sun': {
      const { event, offsetMs } = trigger;
      if (offsetMs === 0) return `it is ${event}`;
      return `it is ${durationText(Math.abs(offsetMs))} ${offsetMs < 0 ? 'before' : 'after'} ${event}`;
    }
    case 'message':
      return `a message comes on ${trigger.filter}`;
    case 'start':
      return 'the node has started';
    case 'cron':
      return `it is time by "${trigger.text}"`;
  }
}

function stepsWords(steps: readonly Step[], names: WordNames): string {
  if (steps.length === 0) return 'do nothing';
  return steps.map((step) => stepWords(step, names)).join(', then ');
}

function stepWords(step: Step, names: WordNames): string {
  switch (step.do) {
    case 'set':
      return setWords(step, names);
    case 'variable':
      return `set ${step.variable} to ${sourceWords(step.value)}`;
    case 'wait':
      return `wait ${durationText(step.ms)}`;
    case 'waitFor':
      return `wait until ${testWords(step.test, names)}, ${durationText(step.timeoutMs)} at most`;
    case 'parallel':
      return step.branches.map((branch) => stepsWords(branch, names)).join(', and at the same time ');
    case 'scene':
      return `set the scene ${step.scene}`;
    case 'service':
      return `call the service ${step.service}`;
    case 'rule':
      return `switch the rule ${step.rule} ${step.on ? 'on' : 'off'}`;
    case 'publish':
      return `publish to ${step.topic.map((part) => (typeof part === 'string' ? part : '…')).join('')}`;
  }
}

function setWords({ targets, value, forMs }: Extract<Step, { do: 'set' }>, names: WordNames): string {
  const what = targets.map((target) => names.shortName(target)).join(' and ');
  const lasts = forMs === undefined ? '' : ` for ${durationText(forMs)}`;
  if (value.from === 'toggle') return `toggle ${what}${lasts}`;
  if (value.from === 'const' && typeof value.value === 'boolean') {
    return `switch ${what} ${value.value ? 'on' : 'off'}${lasts}`;
  }
  const unit = targets[0] === undefined ? undefined : names.unitOf(targets[0]);
  const shown = sourceWords(value);
  const isNumber = value.from === 'const' && typeof value.value === 'number';
  return `set ${what} to ${shown}${isNumber && unit !== undefined ? ` ${unit}` : ''}${lasts}`;
}

function sourceWords(source: Source): string {
  if (source.from === 'const') return constWords(source.value);
  if (source.from === 'toggle') return 'its opposite';
  return source.from === 'text' ? 'a text with values in it' : 'what the other point says';
}

function constWords(value: Value): string {
  return typeof value === 'string' ? `"${value}"` : plainText(value);
}
