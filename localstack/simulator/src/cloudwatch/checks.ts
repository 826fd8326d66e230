import { AwsError } from '../wire/aws-error.js';

/** CloudWatch's refusals by their codes on the wire. */
export const invalid = (message: string): AwsError =>
  new AwsError('InvalidParameterValue', message);
export const invalidCombination = (message: string): AwsError =>
  new AwsError('InvalidParameterCombination', message);
export const missing = (message: string): AwsError => new AwsError('MissingParameter', message);

/** Refuses a text outside of its bounds. */
export function checkText(
  label: string,
  text: string | undefined,
  bounds: { readonly max: number; readonly pattern?: RegExp },
): void {
  if (text === undefined) return;
  if (text.length === 0 || text.length > bounds.max)
    throw invalid(
      `The value '${text}' for parameter ${label} must have 1 to ${bounds.max} characters.`,
    );
  if (bounds.pattern !== undefined && !bounds.pattern.test(text))
    throw invalid(`The value '${text}' for parameter ${label} is invalid.`);
}

export function checkDimensions(
  label: string,
  dimensions:
    | readonly { readonly Name?: string | undefined; readonly Value?: string | undefined }[]
    | undefined,
): void {
  if ((dimensions?.length ?? 0) > 30)
    throw invalid(`The collection ${label} must not have a size greater than 30.`);
  for (const [index, { Name: name, Value: value }] of (dimensions ?? []).entries()) {
    checkText(`${label}.member.${index + 1}.Name`, name, { max: 255, pattern: /^[^:]/ });
    checkText(`${label}.member.${index + 1}.Value`, value, { max: 1024 });
  }
}

/** 1, 5, 10, 20, 30, or a multiple of 60 seconds, up to a day. */
export function checkPeriod(label: string, seconds: number | undefined): void {
  if (seconds === undefined) throw missing(`The parameter ${label} is required.`);
  const isFine = [1, 5, 10, 20, 30].includes(seconds);
  if (!Number.isInteger(seconds) || seconds < 1 || (!isFine && seconds % 60 !== 0))
    throw invalid(`The parameter ${label} must be 1, 5, 10, 20, 30 or a multiple of 60.`);
  if (seconds > 86_400 * 7) throw invalid(`The parameter ${label} must be at most 604800.`);
}
