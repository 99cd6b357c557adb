import { causeOfNews } from './cause.ts';
import type { News } from './engine-world.ts';
import type { Machine } from './machine.ts';
import { makeMessage } from './message.ts';
import { pointOfTopic } from './publish-action.ts';
import { startQuickly } from './quick.ts';
import { type Slot, subjectName, takeReading } from './slots.ts';
import { start } from './starting.ts';

type Of<Kind extends News['kind']> = Extract<News, { readonly kind: Kind }>;

/** A message that a rule published this long ago still has its history; ms. */
const ECHO_MS = 10_000;

/** Brings news to the rules that mention it. */
export function takeNews(machine: Machine, news: News): void {
  if (news.kind === 'reading') reading(machine, news);
  else if (news.kind === 'event') event(machine, news);
  else if (news.kind === 'message') message(machine, news);
  else if (news.kind === 'presence') presence(machine, news);
  else started(machine);
}

function reading({ kit }: Machine, news: Of<'reading'>): void {
  const slot = kit.slots.get(news.point);
  if (slot === undefined) return;
  const { now } = kit;
  now.point = news.point;
  now.epoch = news.epoch;
  now.sequence = news.sequence;
  slot.epoch = news.epoch;
  slot.sequence = news.sequence;
  takeReading(slot, news.value, news.quality, now.mono);
  spread(slot);
}

/** The list is a new one when a watch comes or goes. */
function spread(slot: Slot): void {
  const { watchers } = slot;
  for (let index = 0; index < watchers.length; index += 1) watchers[index]?.heard(slot);
}

/** An event is known only while it is told. */
function event({ kit }: Machine, news: Of<'event'>): void {
  const slot = kit.slots.get(news.point);
  if (slot === undefined) return;
  const { now } = kit;
  now.point = news.point;
  now.epoch = news.epoch;
  now.sequence = news.sequence;
  slot.epoch = news.epoch;
  slot.sequence = news.sequence;
  takeReading(slot, news.value, 'good', now.mono);
  spread(slot);
  slot.isKnown = false;
}

function presence({ kit }: Machine, { subject, isHere }: Of<'presence'>): void {
  const slot = kit.slots.get(subjectName(subject));
  if (slot === undefined) return;
  takeReading(slot, isHere, 'good', kit.now.mono);
  slot.sequence += 1;
  kit.now.point = `${slot.name}@${kit.now.wall}`;
  kit.now.epoch = 0;
  kit.now.sequence = slot.sequence;
  spread(slot);
}

function message(machine: Machine, { topic, payload }: Of<'message'>): void {
  const listeners = machine.topics.match(topic);
  if (listeners.length === 0) return;
  const { now } = machine.kit;
  const own = makeMessage(topic, payload);
  machine.count += 1;
  now.message = own;
  now.epoch = machine.world.epoch ?? Math.floor(now.wall);
  now.sequence = machine.count;
  const echo = machine.echoes.get(topic);
  const chain = echo !== undefined && now.mono - echo.at <= ECHO_MS ? echo.chain : undefined;
  for (let index = 0; index < listeners.length; index += 1) {
    const listener = listeners[index];
    if (listener === undefined) continue;
    now.message = own;
    if (chain === undefined && startQuickly(machine, listener.state, topic)) continue;
    now.point = pointOfTopic(topic);
    const cause = causeOfNews(now, listener.trigger, topic);
    start(machine, listener.state, chain === undefined ? cause : { ...cause, chain });
  }
}

function started(machine: Machine): void {
  const { now } = machine.kit;
  now.point = '!start';
  now.epoch = machine.world.epoch ?? Math.floor(now.wall);
  now.sequence = 0;
  for (const state of [...machine.states.values()]) {
    const trigger = state.rule.when.findIndex(({ on }) => on === 'start');
    if (trigger >= 0) start(machine, state, causeOfNews(now, trigger, 'start'));
  }
}
