import { validationError } from '../../wire/aws-error.js';

interface Field {
  readonly values: ReadonlySet<number>;
  readonly isAny: boolean;
}

/** A recurrence: minute, hour, day of the month, month, day of the week. */
export interface Cron {
  readonly minutes: Field;
  readonly hours: Field;
  readonly days: Field;
  readonly months: Field;
  readonly weekdays: Field;
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
/** A leap day on a given weekday comes back within 40 years at the latest. */
const DAYS_MAX = 41 * 366;
const DAY_MS = 86_400_000;

/**
 * Reads a recurrence: lists, ranges, steps, names of months and days.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-scheduled-scaling.html
 */
export function parseCron(text: string): Cron {
  const [minute, hour, day, month, weekday, ...more] = text.trim().split(/\s+/);
  if (weekday === undefined || more.length > 0) throw wrong(text);
  const read = (field: string | undefined, min: number, max: number): Field =>
    readField(field ?? '', { min, max, names: [], text });
  const weekdays = readField(weekday, { min: 0, max: 7, names: WEEKDAYS, text });
  return {
    minutes: read(minute, 0, 59),
    hours: read(hour, 0, 23),
    days: read(day, 1, 31),
    months: readField(month ?? '', { min: 1, max: 12, names: MONTHS, text }),
    // Sunday is 0 and 7.
    weekdays: { ...weekdays, values: new Set([...weekdays.values].map((value) => value % 7)) },
  };
}

/** The first instant after the given one that the recurrence names in that time zone; `undefined`: never. */
export function nextOccurrence(cron: Cron, timeZone: string, after: number): number | undefined {
  const today = Math.floor((after + offsetAt(after, timeZone)) / DAY_MS) * DAY_MS;
  for (let count = 0; count < DAYS_MAX; count += 1) {
    const day = today + count * DAY_MS;
    if (!isDay(cron, new Date(day))) continue;
    const found = timesOf(cron)
      .map((minutes) => instantOf(day + minutes * 60_000, timeZone))
      .find((instant) => instant !== undefined && instant > after);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Refuses a time zone that there is not. */
export function checkTimeZone(timeZone: string): void {
  try {
    formatterOf(timeZone);
  } catch {
    throw validationError(`Invalid time zone: ${timeZone}`);
  }
}

function readField(
  field: string,
  rule: {
    readonly min: number;
    readonly max: number;
    readonly names: readonly string[];
    readonly text: string;
  },
): Field {
  const values = new Set<number>();
  for (const part of field.split(',')) {
    const [, from = '', to, step = '1'] = /^(\*|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(part) ?? [];
    const isAny = from === '*';
    const first = isAny ? rule.min : numberOf(from, rule);
    const isOpen = isAny || (to === undefined && part.includes('/'));
    const last = isOpen ? rule.max : to === undefined ? first : numberOf(to, rule);
    const isSound = first >= rule.min && last <= rule.max && first <= last && Number(step) > 0;
    if (!isSound) throw wrong(rule.text);
    for (let value = first; value <= last; value += Number(step)) values.add(value);
  }
  return { values, isAny: field === '*' };
}

function numberOf(text: string, rule: { readonly min: number; readonly names: readonly string[] }) {
  const index = rule.names.indexOf(text.toUpperCase());
  if (index >= 0) return index + rule.min;
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}

/** When both days are restricted, either will do: the rule of cron. */
function isDay(cron: Cron, date: Date): boolean {
  if (!cron.months.values.has(date.getUTCMonth() + 1)) return false;
  const isMonthDay = cron.days.values.has(date.getUTCDate());
  const isWeekday = cron.weekdays.values.has(date.getUTCDay());
  if (cron.days.isAny || cron.weekdays.isAny) return isMonthDay && isWeekday;
  return isMonthDay || isWeekday;
}

function timesOf({ hours, minutes }: Cron): readonly number[] {
  const sorted = (field: Field) => [...field.values].toSorted((a, b) => a - b);
  return sorted(hours).flatMap((hour) => sorted(minutes).map((minute) => hour * 60 + minute));
}

/** The instant of a local time; `undefined` when the clock of that zone leaps over it. */
function instantOf(local: number, timeZone: string): number | undefined {
  const guess = local - offsetAt(local, timeZone);
  const instant = local - offsetAt(guess, timeZone);
  return instant + offsetAt(instant, timeZone) === local ? instant : undefined;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known !== undefined) return known;
  const numeric = 'numeric';
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: numeric,
    month: numeric,
    day: numeric,
    hour: numeric,
    minute: numeric,
    second: numeric,
  });
  formatters.set(timeZone, made);
  return made;
}

function offsetAt(instant: number, timeZone: string): number {
  const parts = new Map(
    formatterOf(timeZone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  const local = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return local - Math.floor(instant / 1000) * 1000;
}

function wrong(text: string) {
  return validationError(`Given recurrence string: ${text} is invalid`);
}
