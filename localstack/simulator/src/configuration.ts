/** What the process is told by its environment. */
export interface Configuration {
  readonly host: string;
  readonly port: number;
  readonly timeScale: number;
  readonly seed: string;
  readonly dataFile: string | undefined;
  readonly adversarial: boolean;
}

const TIME_SCALE_MAX = 10_000;

/** Reads the environment; every fault is named in one error. */
export function readConfiguration(
  environment: Readonly<Record<string, string | undefined>>,
): Configuration {
  const faults: string[] = [];
  const number = (name: string, range: { fallback: number; min: number; max: number }): number => {
    const text = environment[name];
    const value = text === undefined || text === '' ? range.fallback : Number(text);
    if (!(value >= range.min && value <= range.max))
      faults.push(`${name}: expected a number from ${range.min} to ${range.max}, got '${text}'`);
    return value;
  };
  const configuration: Configuration = {
    host: environment['STAND_IN_HOST'] || '127.0.0.1',
    port: number('STAND_IN_PORT', { fallback: 4566, min: 0, max: 65_535 }),
    timeScale: number('STAND_IN_TIME_SCALE', { fallback: 1, min: 0.001, max: TIME_SCALE_MAX }),
    seed: environment['STAND_IN_SEED'] || 'gennaker',
    dataFile: environment['STAND_IN_DATA'] || undefined,
    adversarial: environment['STAND_IN_ADVERSARIAL'] !== 'false',
  };
  if (faults.length > 0)
    throw new Error(`The stand-in's configuration is wrong: ${faults.join('; ')}`);
  return configuration;
}
